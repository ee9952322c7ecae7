/*
 * What a printed service report holds: the ticket with whom and what it is about, and its course, oldest first. Values come as the
 * reader may see them, so the paper is masked where the screen is. Notes for colleagues and who looked at data stay inside.
 */
import type { Field, Item } from '@shared/api/types'
import { pick } from '@shared/i18n'
import type { When } from '@shared/format/time'
import { client } from '../../app/api'
import { useSession } from '../../app/session'
import { isNone, isRef, valueText } from '../../record/fields'
import type { Entry } from '../ticket/timeline'

export interface Line { label: string; text: string }
export interface Paper { ticket: Item; customer: Item | null; device: Item | null; given: Item[]; course: Entry[] }

const PAGES_MOST = 20
const inside = new Set(['ticket.noted', 'ticket.revealed', 'ticket.changed', 'ticket.archived', 'ticket.restored', 'ticket.grade', 'ticket.assign', 'ticket.take', 'ticket.placed',
	'ticket.compensation_proposed', 'ticket.compensation_revised', 'ticket.compensation_approved', 'ticket.compensation_declined', 'ticket.compensation_withdrawn'])

/* Rows have a scope of their own: what may not be seen is left out, the paper is still good. */
async function seen(record: string, id: unknown): Promise<Item | null> {
	if (!isRef(id)) return null
	return client.one(record, id).catch(() => null)
}

/* What was given because of a complaint; what was only proposed stays inside. */
async function givenOn(id: string): Promise<Item[]> {
	if (!useSession().mayDo('compensation_grant', 'read')) return []
	return client.list('compensation_grant', { filter: [['ticket_id', '=', id]], sort: 'created_at', limit: 50 }).then((page) => page.items, () => [])
}

async function courseOf(id: string): Promise<Entry[]> {
	const all: Entry[] = []
	let after: number | undefined
	for (let page = 0; page < PAGES_MOST; page++) {
		const got = await client.call<'GET /ticket/{id}/timeline', { items: Entry[]; next: number | null }>('GET /ticket/{id}/timeline', { path: { id }, query: { kind: 'all', after } })
		all.push(...got.items)
		if (!got.next) break
		after = got.next
	}
	return all.filter((e) => !inside.has(e.kind)).reverse()
}

export async function readPaper(id: string): Promise<Paper> {
	const ticket = await client.one('ticket', id)
	const [customer, device, given, course] = await Promise.all([seen('customer', ticket.customer_id), seen('device', ticket.device_id), givenOn(id), courseOf(id)])
	return { ticket, customer, device, given, course }
}

/* Label and text of those fields that hold something. */
export function linesOf(record: string, item: Item | null, names: string[], when: When): Line[] {
	const session = useSession()
	const held = (f: Field | undefined): f is Field => f !== undefined && item !== null && !isNone(f, item[f.name])
	return names.map((name) => session.field(record, name)).filter(held).map((f) => ({ label: pick(f.label), text: valueText(f, item!, when) }))
}
