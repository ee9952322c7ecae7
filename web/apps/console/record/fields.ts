/*
 * What a field of meta means on screen: is it empty, what is its text, how wide is its column, may it be edited.
 * The kinds are those of the server's record definitions; an unknown kind is shown as plain text.
 */
import { pick, t } from '@shared/i18n'
import { moneyText, NONE, numberText } from '@shared/format/text'
import { momentText, shortText, type When } from '@shared/format/time'
import type { Choice, Field, Item } from '@shared/api/types'

const FAR_FUTURE_MS = 253402300799999
const numeric = new Set(['money', 'count', 'int', 'real'])

/* Whether a reference leads anywhere. */
export const isRef = (id: unknown): id is string => Boolean(id) && id !== '0'

/* 0, '' and far future stand for "none" in references, days and times. */
export function isNone(field: Field, value: unknown): boolean {
	if (value === null || value === undefined || value === '') return true
	if (field.type === 'ref') return !isRef(value)
	if (field.type === 'time') return value === 0 || value === FAR_FUTURE_MS
	if (field.type === 'day') return value === 0
	if (field.type === 'json' || field.type === 'tags') return Array.isArray(value) ? value.length === 0 : typeof value === 'object' && Object.keys(value as object).length === 0
	return false
}

/* What a form begins with, in the type that the server takes. A time that is none yet is left to the server. */
export function initialValue(field: Field): unknown {
	const text = field.initial ?? ''
	if (field.type === 'json') return JSON.parse(text)
	if (field.type === 'flag') return text === '1'
	return numeric.has(field.type) ? Number(text) : text
}

export function isNumber(field: Field): boolean {
	return numeric.has(field.type)
}

export function choiceText(choices: Pick<Choice, 'value' | 'label'>[] | undefined, value: unknown): string {
	const found = choices?.find((c) => c.value === value)
	return found ? pick(found.label) : String(value)
}

/* Names of references come with the row in `titles`; what the person may not see has none. */
export function refTitle(item: Item, field: Field): string {
	const titles = item.titles as Record<string, string> | undefined
	if (titles?.[field.name]) return titles[field.name]
	return titles ? t('record.unseen_title') : String(item[field.name])
}

function jsonText(value: unknown): string {
	if (Array.isArray(value)) return value.map((v) => (typeof v === 'object' ? JSON.stringify(v) : String(v))).join(t('word.separator'))
	return JSON.stringify(value)
}

/* Plain text of a value, for cells, tooltips, history and the conflict note. */
export function valueText(field: Field, item: Item, when: When, narrow = false): string {
	const value = item[field.name]
	if (isNone(field, value)) return NONE
	switch (field.type) {
	case 'choice': return choiceText(field.choices, value)
	case 'ref': return refTitle(item, field)
	case 'day': return String(value) // whole: days of purchase and warranty lie years apart, often in one column
	case 'time': return narrow ? shortText(value as number, when) : momentText(value as number, when)
	case 'money': return moneyText(value as number)
	case 'count': case 'int': case 'real': return numberText(value as number)
	case 'flag': return value ? t('word.yes') : t('word.no')
	case 'json': case 'tags': return jsonText(value)
	default: return field.offers ? choiceText(field.offers, value) : String(value)
	}
}

/* What ids of references are called, by field and id, as a history brings them along. */
export type HistoryTitles = Record<string, Record<string, string>>

/* Plain text of a value that a field had once. */
export function changedText(field: Field, value: unknown, titles: HistoryTitles | undefined, when: When): string {
	const title = titles?.[field.name]?.[String(value)]
	return valueText(field, { id: '', titles: title ? { [field.name]: title } : {}, [field.name]: value } as unknown as Item, when)
}

const most: Record<string, number> = { code: 220, ref: 220, email: 200, place: 220, json: 200, tags: 240, text: 280, sealed: 280 }

/* Rough width of a text in px at 13 px: a Chinese sign is as wide as high, others a little over half. */
export function textWidth(text: string): number {
	let px = 0
	for (const c of text) px += c > '\u2e7f' ? 13 : /[MWmw@]/.test(c) ? 11.5 : /[A-Z]/.test(c) ? 8.8 : 7.5
	return px
}

/* Column width in px from what the page really holds, so that neither language wastes or cuts. */
export function widthOf(field: Field, items: Item[], when: When): number {
	const head = textWidth(pick(field.label)) + (field.sortable ? 18 : 0)
	const bare = field.name === 'channel' ? 16 : 0
	const extra = field.choices?.some((c) => c.mark) ? 22 : 0
	const cells = bare || Math.max(0, ...items.map((i) => textWidth(valueText(field, i, when, true)))) + extra
	return Math.ceil(Math.min(most[field.type] ?? 200, Math.max(head, cells)) + 18)
}

const systemNames = new Set(['id', 'version', 'created_at', 'updated_at', 'archived_at'])

/* May a person set it in a form? */
export function isInput(field: Field, creating: boolean): boolean {
	if (field.archived || field.readonly || field.system || systemNames.has(field.name)) return false
	return creating || !field.fixed
}

/* May it be set to one value by itself: by a rule, a macro, for many rows? */
export function isSettable(field: Field): boolean {
	return isInput(field, false) && !['sealed', 'json', 'bytes', 'tags'].includes(field.type)
}

/* Columns shown until someone chooses: ten that are neither hidden nor long, and when it last changed. */
export function firstColumns(fields: Field[]): string[] {
	const short = fields.filter((f) => !f.hidden && !times.includes(f.name) && !['text', 'sealed', 'json', 'bytes'].includes(f.type)).slice(0, 10).map((f) => f.name)
	const time = times.find((name) => fields.some((f) => f.name === name))
	return time ? [...short, time] : short
}

const times = ['updated_at', 'created_at']
