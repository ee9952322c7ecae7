/*
 * What an action of a flow asks for: its own fields, merged with the record's where only names are given. Doing it
 * sends version, reason and fields in one request.
 */
import type { Action, Field, Item } from '@shared/api/types'
import { both, has } from '@shared/i18n'
import { client } from '../app/api'
import { useSession } from '../app/session'

/* What only rows of some choices are asked for, and then have to say; undefined: it is for all. */
function askedOf(record: string, name: string): ((item: Item) => boolean) | undefined {
	const asking = (useSession().record(record)?.fields ?? []).flatMap((f) => (f.choices ?? []).filter((c) => c.asks === name).map((c) => [f.name, c.value] as const))
	return asking.length ? (item) => asking.some(([field, value]) => item[field] === value) : undefined
}

export function fieldsOf(record: string, action: Action, items: Item[] = []): Field[] {
	const session = useSession()
	return (action.fields ?? []).flatMap((f): Field[] => {
		const given = typeof f === 'string' ? { name: f } : f
		const asked = askedOf(record, given.name)
		if (asked && items.length && !items.some(asked)) return []
		const known = session.field(record, given.name)
		const base = known ?? { type: 'code', label: has(`action_field.${given.name}`) ? both(`action_field.${given.name}`) : { zh: given.name, en: given.name }, ...given } as Field
		return [{ ...base, required: (asked && items.some(asked)) || (given.required ?? base.required), system: false, fixed: false }]
	})
}

/* What has to be filled in first: where people may write it, in the same dialog; else where it is set. */
export function missingOf(record: string, action: Action): { here: Field[]; elsewhere: Field[] } {
	const session = useSession()
	const fields = (action.missing ?? []).flatMap((name) => session.field(record, name) ?? [])
	const open = (f: Field) => !f.system && !f.fixed && session.mayDo(record, 'change')
	return { here: fields.filter(open).map((f) => ({ ...f, required: true })), elsewhere: fields.filter((f) => !open(f)) }
}

/* True when it can be done with one press. */
export function isPlain(record: string, action: Action): boolean {
	return (action.reason ?? 'none') === 'none' && fieldsOf(record, action).length === 0 && !action.confirm && !action.missing?.length
}

export function act(record: string, item: Item, action: Action, input: Record<string, unknown> = {}, key?: string): Promise<Item> {
	return client.post<Item>(`/${record}/${item.id}/action/${action.name}`, { version: item.version, ...input }, { key })
}
