/*
 * What an action of a flow asks for: its own fields, merged with the record's where only names are given. Doing it
 * sends version, reason and fields in one request.
 */
import type { Action, Field, Item } from '@shared/api/types'
import { client } from '../app/api'
import { useSession } from '../app/session'

/* What only some rows are asked for, and then have to say. */
const ASKED_OF: Record<string, (item: Item) => boolean> = { 'task.outcome': (task) => task.kind !== 'todo' }

export function fieldsOf(record: string, action: Action, items: Item[] = []): Field[] {
	const session = useSession()
	return (action.fields ?? []).flatMap((f): Field[] => {
		const given = typeof f === 'string' ? { name: f } : f
		const asked = ASKED_OF[`${record}.${given.name}`]
		if (asked && items.length && !items.some(asked)) return []
		const known = session.field(record, given.name)
		const base = known ?? { type: 'code', label: { zh: given.name, en: given.name }, ...given } as Field
		return [{ ...base, required: (asked && items.some(asked)) || (given.required ?? base.required), system: false, fixed: false }]
	})
}

/* True when it can be done with one press. */
export function isPlain(record: string, action: Action): boolean {
	return (action.reason ?? 'none') === 'none' && fieldsOf(record, action).length === 0
}

export function act(record: string, item: Item, action: Action, input: Record<string, unknown> = {}, key?: string): Promise<Item> {
	return client.post<Item>(`/${record}/${item.id}/action/${action.name}`, { version: item.version, ...input }, { key })
}
