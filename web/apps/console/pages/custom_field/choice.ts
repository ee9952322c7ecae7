/* Choices of a custom field as they are written: a value that rows keep, and its words. Values are given here; nobody needs to see them. */
import { both } from '@shared/i18n'

export interface ChoiceRow { value: string; zh: string; en: string; retired?: boolean }

export function withValues(rows: ChoiceRow[]): ChoiceRow[] {
	const taken = new Set(rows.map((r) => r.value))
	let next = 1
	return rows.map((r) => {
		if (r.value) return r
		while (taken.has(`c${next}`)) next++
		taken.add(`c${next}`)
		return { ...r, value: `c${next}` }
	})
}

/* What many companies ask for, to begin with: names and words from the texts, in both languages. */
export interface Example { object: string; kind: string; name: string; name_en: string; hint?: string; hint_en?: string; choices?: ChoiceRow[] }
export const exampleNames = ['floor', 'door', 'contract'] as const
export function example(name: string): Example {
	const { zh, en } = both(`custom.${name}`)
	const named = { name: zh, name_en: en }
	if (name === 'contract') return { object: 'customer', kind: 'day', ...named }
	if (name === 'door') return { object: 'device', kind: 'choice', ...named, choices: ['left', 'right'].map((side) => ({ value: '', ...both(`custom.door_${side}`) })) }
	const hint = both('custom.floor_hint')
	return { object: 'ticket', kind: 'number', ...named, hint: hint.zh, hint_en: hint.en }
}
