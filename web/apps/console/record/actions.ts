/*
 * What an action of a flow asks for: its own fields, merged with the record's where only names are given. Doing it
 * sends version, reason and fields in one request.
 */
import type { Action, Field, Item } from '@shared/api/types'
import { asApiError } from '@shared/api/error'
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

/* What a row gets by being read and by time: no other opinion of it. */
const MARKS = new Set(['version', 'updated_at', 'touched_at', 'customer_no', 'staff_no', 'actions', 'titles'])
export function differsByMarks(one: Item, other: Item): boolean {
	const told = (row: Item) => JSON.stringify(Object.entries(row).filter(([name]) => !MARKS.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)))
	return told(one) === told(other)
}

/* Somebody else's change in between is shown to whoever acts; a mark of reading is not. */
export async function act(record: string, item: Item, action: Action, input: Record<string, unknown> = {}, key?: string): Promise<Item> {
	try {
		return await client.post<Item>(`/${record}/${item.id}/action/${action.name}`, { version: item.version, ...input }, { key })
	} catch (error) {
		const { code, body } = asApiError(error)
		const now = body.current as Item | undefined
		if (code !== 'version_conflict' || !now || now.version === item.version || !differsByMarks(item, now)) throw error
		return act(record, now, action, input)
	}
}
