/* The records behind a figure, as the list of them is addressed: `17.missed.2026-11-16.2026-11-22.region=5` (docs/adr/0043). */
import type { Span } from './promise'

export type Which = 'all' | 'missed' | 'held'
export type PartName = 'region' | 'product' | 'team' | 'user' | 'channel' | 'symptom'
export type Asked = Record<string, string | undefined>
export interface CellPart { by: PartName; ids: string[]; without: boolean }
export interface Cell { promise: string; which: Which; from: string; to: string; parts: CellPart[] }

export const filterOf: Record<PartName, string> = { region: 'region_id', product: 'product_id', team: 'team_id', user: 'user_id', channel: 'channel', symptom: 'symptom_id' }
const names = Object.keys(filterOf) as PartName[]

/* What the page is filtered by stands in the cell, too; `part` narrows it further. */
export function cellText(promise: string, which: Which, span: Span, asked: Asked, part?: CellPart): string {
	const filters = names.flatMap((by): CellPart[] => (asked[filterOf[by]] && by !== part?.by ? [{ by, ids: [asked[filterOf[by]]!], without: false }] : []))
	return [promise, which, span.from, span.to, ...[...filters, ...(part ? [part] : [])].map((p) => `${p.by}${p.without ? '!=' : '='}${p.ids.join(',')}`)].join('.')
}

/* null: it is none. */
export function readCell(text: string): Cell | null {
	const [promise, which, from, to, ...rest] = text.split('.')
	if (!/^\d+$/.test(promise) || !['all', 'missed', 'held'].includes(which) || !from || !to) return null
	const parts = rest.map((one) => /^(region|product|team|user|channel|symptom)(!?)=(\d+(?:,\d+)*)$/.exec(one))
	if (parts.some((one) => !one)) return null
	return { promise, which: which as Which, from, to, parts: parts.map((one) => ({ by: one![1] as PartName, ids: one![3].split(','), without: one![2] === '!' })) }
}
