/* Chosen tickets of one customer into the oldest of them, one after the other; taken back in reverse. */
import { t } from '@shared/i18n'
import { asApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { merge, part } from '../record/take_over'

const LEAST = 2
const MOST = 10

export function canMerge(items: Item[]): boolean {
	return items.length >= LEAST && items.length <= MOST && items.every((i) => !i.archived_at && i.customer_id === items[0].customer_id)
}

async function takeBack(gone: Item[], changed: () => Promise<void> | void) {
	try {
		for (const one of [...gone].reverse()) await part('ticket', one.id)
	} catch (error) { toastError(error) }
	await changed()
}

/* The ids of those that stay where they are, after saying why. */
export async function mergeAll(items: Item[], changed: () => Promise<void> | void): Promise<string[]> {
	const [into, ...others] = [...items].sort((a, b) => Number(a.created_at) - Number(b.created_at))
	const gone: Item[] = []
	const bad: { item: Item; why: string }[] = []
	for (const one of others) {
		try {
			await merge('ticket', into.id, one.id)
			gone.push(one)
		} catch (error) { bad.push({ item: one, why: asApiError(error).message }) }
	}
	await changed()
	const said = [t('bulk.merged', { n: gone.length, no: String(into.no) }), ...bad.map((b) => `${String(b.item.no)}${t('word.colon')}${b.why}`)].join(t('word.separator'))
	if (gone.length) toast(said, () => takeBack(gone, changed))
	else toast(said)
	return bad.map((b) => b.item.id)
}
