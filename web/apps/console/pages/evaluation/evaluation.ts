/* Question sets and what came of trying them; lines of a file; a sheet of the answers. */
import { pick, t, type Label } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { NONE } from '@shared/format/text'
import { rowsOf } from '@shared/format/csv'
import words from '../knowledge/heads.json'

export interface Shares { lines: number; inside: number; outside: number; top1: number; top3: number; answered: number; precision: number; oos_answered: number }
export interface Sums { all?: Shares; products?: { product: string; sum: Shares }[]; before?: Sums; why?: string }
export interface Trial extends Item { set_id: string; state: string; done: number; total: number; knowledge: string; sums: Sums; article_id?: string | null; titles?: Record<string, string>; created_at: number }
export interface Answer {
	line_id: string; question: string; expected: string; expected_title: Label; given: string; given_title: Label; place: number; decision: string; confidence: number; right: boolean
}
export interface Change extends Answer { was: string; was_title: Label; was_decision: string; was_confidence: number; change: 'better' | 'worse' | 'other' }
export interface Counts { solved: number; unsolved: number; lines: number; right: number }
export interface Week extends Counts { from: string; products: (Counts & { product: string })[] }
export type Measured = 'said' | 'tried'
export interface Learning { understands: boolean; ready: boolean; version: string; products: string[] }
export interface Line { question: string; expected: string; product?: string }

export const OUTSIDE = 'OOS'

export const namedArticle = (code: string, title: Label): string => (code === OUTSIDE ? t('evaluation.outside') : code ? `${code} ${pick(title)}` : NONE)

/* The draft that a trial was about, as far as one may know; '' of others. */
export const draftName = (one: Trial): string => (one.article_id ? one.titles?.article_id ?? t('evaluation.draft') : '')

/* Shares before and after, in the order of the table; wrongly answered ones are good when they get fewer. */
const FIGURES = ['top1', 'top3', 'answered', 'precision', 'oos_answered'] as const
const LEAST = 0.0005
export interface Figure { name: string; before: number; after: number; change: string; good: boolean | null }
export function beforeAfter(sums?: Sums): Figure[] {
	const [was, is] = [sums?.before?.all, sums?.all]
	if (!was || !is) return []
	const figures = FIGURES.filter((name) => (name === 'oos_answered' ? is.outside : is.inside) > 0)
	return figures.map((name) => {
		const more = is[name] - was[name]
		const same = Math.abs(more) < LEAST
		const known = name !== 'answered' && !same
		return { name: name === 'oos_answered' ? 'oos' : name, before: was[name], after: is[name], change: same ? NONE : `${more > 0 ? '+' : '−'}${(Math.abs(more) * 100).toFixed(1)}`, good: known ? (name === 'oos_answered') !== more > 0 : null }
	})
}

const RANK = { worse: 0, better: 1, other: 2 }
export const inOrder = (changes: Change[]): Change[] => [...changes].sort((a, b) => RANK[a.change] - RANK[b.change])
export function tally(changes: Change[]): Record<Change['change'], number> {
	const n = { better: 0, worse: 0, other: 0 }
	for (const one of changes) n[one.change]++
	return n
}

/* Products down, weeks across: those in which somebody said something, or something was tried. A row of product null is all of them together. */
export interface WeekCell { n: number; good: number }
export interface WeekTable { weeks: string[]; rows: { product: string | null; cells: WeekCell[] }[] }
export function weekTable(weeks: Week[], what: Measured): WeekTable {
	const cell = (c?: Counts): WeekCell => (!c ? { n: 0, good: 0 } : what === 'said' ? { n: c.solved + c.unsolved, good: c.solved } : { n: c.lines, good: c.right })
	const with_ = weeks.filter((w) => cell(w).n)
	const products = [...new Set(with_.flatMap((w) => w.products.filter((p) => cell(p).n).map((p) => p.product)))].sort()
	const row = (product: string | null) => ({ product, cells: with_.map((w) => cell(product === null ? w : w.products.find((p) => p.product === product))) })
	return { weeks: with_.map((w) => w.from), rows: with_.length ? [null, ...products].map(row) : [] }
}

const heads = words.questions as Record<string, keyof Line | undefined>

/* With a head its names count; without one a line is code, tab, question, as `anxin eval` reads it, or question, code. */
export function readLines(text: string): { lines: Line[]; wrong: number[] } {
	const clean = text.replace(/^\uFEFF/, '')
	const tabs = clean.trimStart().split(/\r?\n/, 1)[0].includes('\t')
	const rows = (tabs ? clean.split(/\r?\n/).map((line) => line.split('\t').map((c) => c.trim())) : rowsOf(clean)).map((at, i) => ({ no: i + 1, at })).filter((r) => r.at.some(Boolean))
	const named = rows[0]?.at.map((c) => heads[c.toLowerCase()])
	const head = named?.includes('question') && named.includes('expected') ? named : null
	const lines: Line[] = []
	const wrong: number[] = []
	for (const row of head ? rows.slice(1) : rows) {
		const names = head ?? (tabs ? ['expected', 'question', 'product'] as const : ['question', 'expected', 'product'] as const)
		const line: Line = { question: '', expected: '' }
		names.forEach((name, i) => { if (name && row.at[i]) line[name] = row.at[i] })
		if (line.question && line.expected) lines.push(line)
		else wrong.push(row.no)
	}
	return { lines, wrong }
}

/* A cell that a spreadsheet would take for a formula is told as text. */
const cell = (value: unknown) => {
	const text = String(value ?? '')
	return `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
export const sheetOf = (head: string[], rows: unknown[][]) => `\uFEFF${[head, ...rows].map((r) => r.map(cell).join(',')).join('\r\n')}\r\n`

export function saveAs(name: string, text: string): void {
	const link = document.createElement('a')
	link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
	link.download = name
	link.click()
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export const productName = (products: { code: string; name: Label }[], code: string): string => (code ? pick(products.find((p) => p.code === code)?.name) || code : t('evaluation.general'))
