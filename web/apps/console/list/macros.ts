/* The macros of a record that this person sees: mine, the team's, the company's. */
import { lang } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { client } from '../app/api'

export const macroName = (m: Item) => String((lang.value === 'en' && m.name_en) || m.name)

export async function macrosOf(record: string): Promise<Item[]> {
	return (await client.list('macro', { condition: `record = "${record}"`, limit: 100 })).items.sort((a, b) => Number(a.position) - Number(b.position))
}
