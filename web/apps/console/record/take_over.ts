/* One customer or ticket taken into another, and what two of them are told apart by; each with the way back. */
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast } from '@shared/blocks/toast'
import { client } from '../app/api'

export type Mergeable = 'customer' | 'ticket'

/* Brings one back out of what it went into. */
export const part = (record: Mergeable, id: string) => client.post<Item>(`/${record}/${id}/part`, {})

export const merge = (record: Mergeable, into: string, from: string) => client.post<Item>(`/${record}/${into}/merge`, { [`${record}_id`]: from })

/* The one that it went into, as it is then; for as long as the toast stands `back` runs after it came out again. */
export async function takeOver(record: Mergeable, into: { id: string; title: string }, from: string, back: () => Promise<void> | void): Promise<Item> {
	const taken = await merge(record, into.id, from)
	toast(t('merge.done', { title: into.title }), async () => {
		await part(record, from)
		await back()
	})
	return taken
}

/* Two that look the same are not, or (on: false) may be after all. */
export const tellApart = <T>(record: Mergeable, one: string, other: string, on: boolean) => client.post<T>(`/${record}/${one}/not_same`, { [`${record}_id`]: other, on })
