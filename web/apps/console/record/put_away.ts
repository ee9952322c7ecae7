/* Archives a row, with an undo, or takes it out of the archive. take: what it is afterwards; said: other words than those for all. */
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../app/api'
import { titleOf } from './title'

export async function putAway(record: string, item: Item, what: 'archive' | 'restore', take: (next: Item) => void, said?: string): Promise<void> {
	const put = (w: 'archive' | 'restore', version?: number) => client.post<Item>(`/${record}/${item.id}/${w}`, { version })
	try {
		const next = await put(what, item.version)
		take(next)
		if (what === 'archive') toast(said ?? t('record.archived', { title: titleOf(next) }), async () => take(await put('restore', next.version)))
	} catch (error) { toastError(error) }
}
