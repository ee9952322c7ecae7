/*
 * Values of settings as people read and type them: sizes in the largest unit in which bounds and value are whole, other numbers
 * with the unit of the setting, choices by their words. Pure.
 */
import { pick, t } from '@shared/i18n'
import type { Calls } from '@shared/api/generated'
import { halfWidth, numberText } from '@shared/format/text'

export type Setting = Calls['GET /setting/{name}']['reply']

const scales: [number, string][] = [[2 ** 30, 'GB'], [2 ** 20, 'MB'], [2 ** 10, 'KB']]

/* How many of the setting's own units one typed unit is, and what that is called. */
export function scaleOf(s: Setting): { size: number; name: string } {
	const whole = [s.least, s.most, s.value as number, s.default as number]
	const found = s.unit === 'bytes' ? scales.find(([size]) => whole.every((n) => n % size === 0)) : undefined
	return found ? { size: found[0], name: found[1] } : { size: 1, name: s.unit_label ? pick(s.unit_label) : '' }
}

const withUnit = (text: string, unit: string) => (unit ? `${text} ${unit}` : text)

/* `10 分钟`, `50 MB`, `是`, `警告`. */
export function amountText(s: Setting, value: unknown): string {
	if (s.type === 'flag') return value ? t('word.yes') : t('word.no')
	if (s.type === 'choice') return pick(s.choices.find((c) => c.value === value)?.label) || String(value)
	const { size, name } = scaleOf(s)
	return withUnit(numberText((value as number) / size), name)
}

/* `1–60 分钟`; nothing where there is no range. */
export function boundsText(s: Setting): string {
	if (s.type !== 'number') return ''
	const { size, name } = scaleOf(s)
	return withUnit(`${numberText(s.least / size)}–${numberText(s.most / size)}`, name)
}

/* What stands in the box for a value. */
export function typed(s: Setting, value: unknown): string {
	return s.type === 'number' ? String((value as number) / scaleOf(s).size) : String(value)
}

/* What was typed as the API takes it; text that is no number goes as it is, for the server to say what is wrong. */
export function meant(s: Setting, text: string): unknown {
	const plain = halfWidth(text).replaceAll(',', '').trim()
	if (s.type === 'flag') return plain === 'true'
	if (s.type === 'choice') return plain
	const n = Number(plain) * scaleOf(s).size
	return plain && Number.isFinite(n) ? n : plain
}

/* Does it hold all these words, in either language or in its name? */
export function matches(s: Setting, words: string): boolean {
	const text = [s.name, s.label.zh, s.label.en, s.help.zh, s.help.en].join(' ').toLowerCase()
	return words.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
