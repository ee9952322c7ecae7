/* Archives a row, with an undo, or takes it out of the archive; where the row goes out of sight by that, its page has words for it (said), and
   then that is taken back, too. take: what it is afterwards. */
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../app/api'
import { titleOf } from './title'

export async function putAway(record: string, item: Pick<Item, 'id' | 'version'>, what: 'archive' | 'restore', take: (next: Item) => Promise<void> | void, said?: string): Promise<void> {
	const put = (w: 'archive' | 'restore', version?: number) => client.post<Item>(`/${record}/${item.id}/${w}`, { version })
	try {
		const next = await put(what, item.version)
		await take(next)
		if (what === 'archive' || said) toast(said ?? t('record.archived', { title: titleOf(next) }), async () => take(await put(what === 'archive' ? 'restore' : 'archive', next.version)))
	} catch (error) { toastError(error) }
}
