/*
 * Bulk work: one request for all rows, each with its own answer, and for 8 s (and from elsewhere within `list.undo`) the way back.
 */
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../app/api'
import { titleOf } from '../record/title'

export type Doing = { do: string } & Record<string, unknown>
export interface Done { run: string; done: number; failed: number; undoable: number; rows: { id: string; version: number; code: string; message: string }[] }

/* The ids of rows that refused, after saying why. `changed` is called when rows are other than before. */
export async function actOn(record: string, items: Item[], what: { actions: Doing[] } | { macro_id: string }, changed: () => Promise<void> | void, key?: string): Promise<string[]> {
	const answer = await client.post<Done>(`/${record}/act`, { rows: items.map((i) => ({ id: i.id, version: i.version })), ...what }, { key })
	const names = new Map(items.map((i) => [i.id, titleOf(i)]))
	const bad = answer.rows.filter((r) => r.code !== 'ok')
	await changed()
	const text = [t('bulk.done', { n: answer.done }), ...bad.map((r) => `${names.get(r.id)}${t('word.colon')}${r.message}`)].join(t('word.separator'))
	if (answer.undoable) toast(text, () => takeBack(record, answer.run, changed))
	else toast(text)
	return bad.map((r) => r.id)
}

export async function takeBack(record: string, run: string, changed: () => Promise<void> | void) {
	try {
		const back = await client.post<Done>(`/${record}/undo`, { run })
		await changed()
		toast([t('bulk.undone', { n: back.done }), ...(back.failed ? [t('bulk.kept', { n: back.failed })] : [])].join(t('word.separator')))
	} catch (error) { toastError(error) }
}
