/* Which comparisons a field offers, and how a path leads to a field. What the server allows is in engine/expr; this is what people need of it. */
import type { Field, RecordMeta } from '@shared/api/types'

const none = ['is none', 'is not none']
const order = ['>=', '<=', '>', '<']
const lapse = ['age >', 'age <', 'until <', 'until >']

const offered: Record<string, string[]> = {
	choice: ['in', 'not in', ...none],
	id: ['in', 'not in', ...none],
	flag: ['in'],
	number: ['in', 'not in', ...order, ...none],
	real: [...order, ...none],
	day: ['in', 'not in', ...order, ...lapse, ...none],
	time: ['in', 'not in', ...order, ...lapse, ...none],
	code: ['in', 'not in', 'contains', 'not contains', 'starts', 'not starts', ...none],
	text: ['contains', 'not contains', 'in', 'not in', 'starts', 'not starts', ...none],
	sealed: ['in', 'not in'],
	set: ['has any', 'has all', 'has none', ...none],
}

/* With the one that is chosen, which a text may have said without its being offered. */
export function comparesOf(field: Field | undefined, chosen: string): string[] {
	const all = offered[field?.condition ?? ''] ?? []
	return chosen && !all.includes(chosen) ? [...all, chosen] : all
}

/* Keys of the texts: in_time, not_in, age_over. */
const signs: Record<string, string> = { '=': 'in', '!=': 'not_in', '>=': 'at_least', '<=': 'at_most', '>': 'over', '<': 'under' }
const spans = new Set(['time', 'day'])
export function compareKey(compare: string, field: Field | undefined): string {
	const key = compare.split(' ').map((word) => signs[word] ?? word).join('_')
	const lapses = compare.startsWith('age') || compare.startsWith('until')
	return spans.has(field?.condition ?? '') && !lapses && !key.startsWith('is') ? `${key}_time` : key
}

export type RecordOf = (name: string) => RecordMeta | undefined

/* `customer` of `customer_id`: how a path walks through a reference. */
export const stepOf = (field: Field) => field.name.replace(/_id$/, '')

/* The fields along a path, as far as they are known; whole: to its end. */
export function walk(record: string, path: string, recordOf: RecordOf): { fields: Field[]; whole: boolean } {
	const names = path.split('.')
	const fields: Field[] = []
	let at = recordOf(record)
	for (const [i, name] of names.entries()) {
		const last = i === names.length - 1
		const field = at?.fields.find((f) => (last ? f.name === name && f.condition : f.to && stepOf(f) === name))
		if (!field) return { fields, whole: false }
		fields.push(field)
		at = field.to ? recordOf(field.to) : undefined
	}
	return { fields, whole: true }
}

export function fieldAt(record: string, path: string, recordOf: RecordOf): Field | undefined {
	const { fields, whole } = walk(record, path, recordOf)
	return whole ? fields.at(-1) : undefined
}

/* Values that stand for something else than themselves. */
export const words = {
	time: ['now', 'today', 'yesterday', 'tomorrow', 'this_week', 'last_week', 'next_week', 'this_month', 'last_month', 'next_month', 'this_year', 'last_year', 'next_year'],
	day: ['today', 'yesterday', 'tomorrow', 'this_week', 'last_week', 'next_week', 'this_month', 'last_month', 'next_month', 'this_year', 'last_year', 'next_year'],
	of: { user: 'me', team: 'my_team', region: 'my_region' } as Record<string, string>,
}
export const units = ['s', 'min', 'h', 'd', 'w', 'mo', 'y']

const literal: Record<string, RegExp> = {
	number: /^-?\d+$/, real: /^-?\d+(\.\d+)?$/, flag: /^(true|false)$/, id: /^\d+$/, time: /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/, day: /^\d{4}-\d\d-\d\d$/,
}
/* A value that no control has: another field, which is edited as it is written. */
export function isFree(type: string, value: string | undefined): boolean {
	if (!value || !literal[type] || literal[type].test(value)) return false
	return type === 'time' || type === 'day' ? !words.time.includes(value) : type === 'id' ? !Object.values(words.of).includes(value) : true
}
