/* Legal holds as the API tells them; of one who may not read holds, only that there is one. */
import { dayOf, dayText, type When } from '@shared/format/time'

export interface Hold {
	id: string
	object: 'customer' | 'ticket'
	customer_id: string
	ticket_id: string | null
	/* null: until it is released; told to whoever may read holds */
	ends_at?: number | null
	reason?: string
	version?: number
	created_at?: number
	titles?: Record<string, string | null>
}

export const heldId = (hold: Hold) => hold.ticket_id ?? hold.customer_id
/* Its last day: "2026-12-31"; null: until it is released. It ends with the first instant of the day after. */
export const lastDay = (hold: Hold, when: When) => (hold.ends_at ? dayText(dayOf(hold.ends_at - 1, when.zone), when) : null)
