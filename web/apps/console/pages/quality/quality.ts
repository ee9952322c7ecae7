/* Results of the quality inspection, as pages read them. */
import type { Item } from '@shared/api/types'
import type { Label } from '@shared/i18n'

export interface Finding { no: number; rule_id: string; kind: string; kind_label: Label; rule: string; message_no: number; weight: number; fatal: boolean; verdict: '' | 'true' | 'false' | 'unsure'; by: string | null; words: string }
export interface Whole { result: Item; findings: Finding[]; appeal_until: number; may_review: boolean; may_decide: boolean; may_appeal: boolean }
export interface Line { id: string; word: string; title: string; n: number; compliant: number; score: number; fatal: number; reviewed: number }
export interface Report { from_at: number; to_at: number; all: Line; items: Line[] }
export type By = 'agent' | 'team' | 'channel' | 'week' | 'rule'
/* What a person says of the findings: true unless she says otherwise; of what a model marked nothing until she says. */
export type Verdicts = Record<number, boolean>
export interface Added { rule_id: string; message_no: number }

export const verdictsOf = (findings: Finding[]): Verdicts => Object.fromEntries(findings.filter((f) => f.verdict !== 'unsure').map((f) => [f.no, f.verdict !== 'false']))
export const spoken = (v: Verdicts) => Object.entries(v).map(([no, right]) => ({ no: Number(no), right }))

/* What the score would be: the server says in the end. */
export function scoreOf(findings: Finding[], verdicts: Verdicts, added: { weight: number; fatal: boolean }[]): number {
	const counting = [...findings.filter((f) => verdicts[f.no]), ...added]
	if (counting.some((f) => f.fatal)) return 0
	return Math.max(0, 100 - counting.reduce((sum, f) => sum + f.weight, 0))
}
export const percent = (part: number, whole: number) => (whole ? `${(Math.floor((part * 1000) / whole) / 10).toFixed(1)}%` : '—')
export const average = (sum: number, n: number) => (n ? (sum / n).toFixed(1) : '—')
