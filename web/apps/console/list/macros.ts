/* The macros of a record that this person sees: mine, the team's, the company's. A menu that opens asks; what offers them beside it has those that were asked for last. */
import { lang } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { client } from '../app/api'
import { kept } from '../app/kept'

export const macroName = (m: Item) => String((lang.value === 'en' && m.name_en) || m.name)

const FRESH_MS = 60_000
const macros = kept(FRESH_MS, async (record) => (await client.list('macro', { condition: `record = "${record}"`, limit: 100 })).items.sort((a, b) => Number(a.position) - Number(b.position)))
export const macrosOf = macros.get
export const macrosNow = macros.anew
