/* Why a ticket stands where it stands: the sentence beside it. The server sorts by the same: place given by hand, else danger, grade, due, age. */
import type { Item } from '@shared/api/types'

export interface Place { id: string; put_at: number; put_by: string | null }
export type Why = 'put' | 'customer' | 'danger' | 'critical' | 'urgent' | 'due' | 'age'

export function whyHere(ticket: Item, place: Place | undefined): Why {
	if (place?.put_at) return 'put'
	if (ticket.state === 'waiting_customer') return 'customer'
	if (ticket.danger) return 'danger'
	if (ticket.grade === 'critical' || ticket.grade === 'urgent') return ticket.grade
	return ticket.next_due_at ? 'due' : 'age'
}
