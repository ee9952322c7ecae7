/* A record of a few values, where a page asks for them in its own words and the whole form would be too much: a counter, a caller. */
import type { Item } from '@shared/api/types'
import { client } from '../app/api'

export const makeRecord = (record: string, values: Record<string, unknown>, key: string) => client.post<Item>(`/${record}`, values, { key })

export async function changeRecord(record: string, id: string, values: Record<string, unknown>, key: string): Promise<Item> {
	const now = await client.one<Item>(record, id)
	return client.patch<Item>(`/${record}/${id}`, { ...values, version: now.version }, { key })
}
