/*
 * Conditions of a list: as chips, as text that people may edit, and in the address. The text speaks of identifiers,
 * like every condition of the product: `state in (new, working) and owner_id = me`.
 */
import { t } from '@shared/i18n'
import { joinText, NONE } from '@shared/format/text'
import type { Condition, Field, Item, Operator, Scalar } from '@shared/api/types'
import type { When } from '@shared/format/time'
import { toLocal, fromLocal } from '../record/local'
import { valueText } from '../record/fields'

export const operators: Record<string, Operator[]> = {
	choice: ['in', 'not_in'],
	ref: ['=', '!='],
	flag: ['='],
	day: ['>=', '<', '='],
	time: ['>=', '<'],
	money: ['>=', '<=', '=', '!='], count: ['>=', '<=', '=', '!='], int: ['>=', '<=', '=', '!='], real: ['>=', '<='],
	name: ['='], phone: ['='], email: ['='],
}

export function operatorsOf(field: Field): Operator[] {
	return operators[field.type] ?? ['=', '!=']
}

/* Fields that conditions may name. */
export function filterable(fields: Field[]): Field[] {
	return fields.filter((f) => f.filterable)
}

/* The words of a chip: field, operator, value. `titles` names references that were chosen here. */
export function chipWords(condition: Condition, field: Field | undefined, when: When, titles: Map<string, string>): { operator: string; value: string } {
	const [, operator, value] = condition
	const one = (v: Scalar): string => {
		if (v === 'me') return t('condition.me')
		if (!field || v === null || v === '' || (field.type === 'ref' && v === '0')) return t('condition.none')
		if (field.type === 'ref') return titles.get(`${field.to}:${v}`) ?? String(v)
		return valueText(field, { id: '', [field.name]: v } as Item, when)
	}
	const values = Array.isArray(value) ? value : [value]
	return { operator: t(`condition.${names[operator]}`), value: values.length ? joinText(values.map(one), when.lang) : NONE }
}

export const names: Record<Operator, string> = {
	'=': 'is', '!=': 'is_not', in: 'in', not_in: 'not_in', '<': 'before', '<=': 'at_most', '>': 'after', '>=': 'at_least',
}

const bare = /^[a-z0-9_]+$/i

function valueCode(value: Scalar, field: Field | undefined, zone: string): string {
	if (value === null) return 'none'
	if (typeof value === 'number' && field?.type === 'time') return `"${toLocal(value, zone).replace('T', ' ')}"`
	if (typeof value !== 'string') return String(value)
	return bare.test(value) ? value : JSON.stringify(value)
}

export function toText(filter: Condition[], fields: Field[], zone: string): string {
	return filter.map(([name, operator, value]) => {
		const field = fields.find((f) => f.name === name)
		const right = Array.isArray(value) ? `(${value.map((v) => valueCode(v, field, zone)).join(', ')})` : valueCode(value, field, zone)
		return `${name} ${operator === 'not_in' ? 'not in' : operator} ${right}`
	}).join('\nand ')
}

export class TextError extends Error {
	constructor(key: string, values: Record<string, unknown>) {
		super(t(`condition.${key}`, values))
	}
}

interface Token { text: string; quoted: boolean }

function tokens(text: string): Token[] {
	const out: Token[] = []
	const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|(<=|>=|!=|[=<>(),])|([^\s=<>!(),"]+))/gy
	let end = 0
	for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
		end = pattern.lastIndex
		out.push(m[1] !== undefined ? { text: JSON.parse(`"${m[1]}"`) as string, quoted: true } : { text: m[2] ?? m[3], quoted: false })
	}
	if (text.slice(end).trim()) throw new TextError('bad_sign', { text: text.slice(end).trim().slice(0, 12) })
	return out
}

function typed(token: Token, field: Field, zone: string): Scalar {
	const raw = token.text
	if (!token.quoted && raw === 'none') return field.type === 'ref' ? '0' : ''
	if (field.type === 'flag') return raw === 'true' || raw === 'yes'
	if (field.type === 'time') {
		const ms = /^\d{11,}$/.test(raw) ? Number(raw) : fromLocal(raw.length === 10 ? `${raw}T00:00` : raw.replace(' ', 'T'), zone)
		if (ms === null) throw new TextError('bad_time', { text: raw })
		return ms
	}
	if (['money', 'count', 'int', 'real'].includes(field.type)) {
		if (!Number.isFinite(Number(raw))) throw new TextError('bad_number', { text: raw })
		return Number(raw)
	}
	if (field.type === 'choice' && field.choices && !field.choices.some((c) => c.value === raw))
		throw new TextError('bad_choice', { text: raw, known: field.choices.map((c) => c.value).join(', ') })
	return raw
}

/* Text back to conditions; throws TextError in words. Joined by `and` only, as lists are. */
export function fromText(text: string, fields: Field[], zone: string): Condition[] {
	const all = tokens(text)
	const out: Condition[] = []
	let i = 0
	const next = (): Token => {
		if (i >= all.length) throw new TextError('unfinished', {})
		return all[i++]
	}
	while (i < all.length) {
		const name = next().text
		const field = filterable(fields).find((f) => f.name === name)
		if (!field) throw new TextError('bad_field', { text: name })
		let operator = next().text
		if (operator === 'not') { operator = `not_${next().text}` }
		if (!(operator in names)) throw new TextError('bad_operator', { text: operator })
		if (operator === 'in' || operator === 'not_in') {
			if (next().text !== '(') throw new TextError('open_bracket', {})
			const values: Scalar[] = []
			for (;;) {
				values.push(typed(next(), field, zone))
				const sign = next().text
				if (sign === ')') break
				if (sign !== ',') throw new TextError('bad_sign', { text: sign })
			}
			out.push([name, operator, values])
		} else out.push([name, operator as Operator, typed(next(), field, zone)])
		if (i < all.length && next().text !== 'and') throw new TextError('only_and', {})
	}
	return out
}

/* From the address or a view; anything that is no list of conditions is dropped. */
export function readFilter(raw: unknown): Condition[] {
	try {
		const value: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw
		return Array.isArray(value) ? value.filter((c): c is Condition => Array.isArray(c) && c.length === 3 && typeof c[0] === 'string' && String(c[1]) in names) : []
	} catch { return [] }
}
