/* A condition in words: 级别 是 紧急、特急, with the names of what it refers to. */
import { has, pick, t } from '@shared/i18n'
import { joinText, moneyText, numberText } from '@shared/format/text'
import { momentText, type When } from '@shared/format/time'
import type { Field } from '@shared/api/types'
import { choiceText } from '../record/fields'
import { asksNothing, fromWire, type Part, type Row, type Wire, type WireValue } from './tree'
import { compareKey, fieldAt, walk, type RecordOf } from './compare'

export interface Describe { record: string; recordOf: RecordOf; when: When; titles: Map<string, string> }

export function pathWords(path: string, d: Describe): string {
	const { fields, whole } = walk(d.record, path, d.recordOf)
	return whole ? fields.map((f) => pick(f.label)).join(t('condition.of')) : path
}

function shiftWords(v: WireValue): string {
	return v.shift ? ` ${v.shift > 0 ? '+' : '−'}${Math.abs(v.shift)} ${t(`unit.${v.unit}`)}` : ''
}

function valueWords(v: WireValue, field: Field | undefined, d: Describe): string {
	if (v.text !== undefined) return field?.condition === 'choice' ? choiceText(field.choices, v.text) : v.text // a choice that is a word of the language stands in quotes
	const raw = v.value ?? ''
	const lapse = /^(\d+)(s|min|h|d|w|mo|y)$/.exec(raw)
	if (lapse) return `${lapse[1]} ${t(`unit.${lapse[2]}`)}`
	if (has(`moment.${raw}`)) return t(`moment.${raw}`) + shiftWords(v)
	if (!field) return raw
	if (field.condition === 'choice') return choiceText(field.choices, raw)
	if (field.condition === 'flag') return t(raw === 'true' ? 'word.yes' : 'word.no')
	if (field.condition === 'id' && /^\d+$/.test(raw)) return d.titles.get(`${field.to}:${raw}`) ?? raw
	if (/^\d{4}-\d\d-\d\dT/.test(raw)) return momentText(Date.parse(raw), d.when) + shiftWords(v)
	if (field.type === 'money' && /^-?\d+$/.test(raw)) return moneyText(Number(raw))
	if (field.condition === 'number' && /^-?\d+$/.test(raw)) return numberText(Number(raw))
	return (fieldAt(d.record, raw, d.recordOf) ? pathWords(raw, d) : raw) + shiftWords(v)
}

/* The three parts of one comparison. */
export function rowWords(row: Row, d: Describe): { field: string; compare: string; value: string } {
	const field = fieldAt(d.record, row.path, d.recordOf)
	const value = asksNothing(row.compare) ? '' : joinText(row.values.map((v) => valueWords(v, field, d)), d.when.lang)
	return { field: pathWords(row.path, d), compare: t(`compare.${compareKey(row.compare, field)}`), value }
}

export function partWords(part: Part, d: Describe, inner = false): string {
	if (part.kind === 'row') {
		const { field, compare, value } = rowWords(part, d)
		return [field, compare, value].filter(Boolean).join(' ')
	}
	if (!part.items.length) return t(part.not ? 'condition.nothing' : 'condition.everything')
	const all = part.items.map((p) => partWords(p, d, true)).join(` ${t(`condition.${part.join}`)} `)
	if (part.not) return t('condition.not_of', { condition: all })
	return inner && part.items.length > 1 ? t('condition.bracket', { condition: all }) : all
}

export const wireWords = (w: Wire, d: Describe) => partWords(w.op === 'and' || w.op === 'or' || w.op === 'not' ? fromWire(w) : fromWire(w).items[0] ?? fromWire(w), d)

/* The references that a tree names, for their titles. */
export function idsIn(part: Part, d: Pick<Describe, 'record' | 'recordOf'>): { to: string; id: string }[] {
	if (part.kind === 'group') return part.items.flatMap((p) => idsIn(p, d))
	const to = fieldAt(d.record, part.path, d.recordOf)?.to
	return to ? part.values.flatMap((v) => (v.value && /^[1-9]\d*$/.test(v.value) ? [{ to, id: v.value }] : [])) : []
}
