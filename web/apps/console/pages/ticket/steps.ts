/*
 * The ticket's way as five steps that people follow: reported, accepted, worked on, confirmed by the customer, closed.
 * Pure: from the state and the times of the ticket.
 */
export interface Step { name: 'new' | 'accepted' | 'working' | 'resolved' | 'closed' | 'cancelled'; is: 'done' | 'now' | 'ahead'; at: number | null; waiting: boolean }

const order = ['new', 'accepted', 'working', 'resolved', 'closed'] as const

export interface Way { state: string; created_at?: number; first_response_at?: number; solved_at?: number; closed_at?: number }

/* When each state was last entered, from the history: a ticket that was reopened counts from then. */
export function timesOf(changes: { at: number; fields: Record<string, [unknown, unknown]> }[]): Record<string, number> {
	const times: Record<string, number> = {}
	for (const { at, fields } of changes) {
		const to = fields.state?.[1]
		if (typeof to === 'string') times[to] = Math.max(times[to] ?? 0, at)
	}
	return times
}

export function stepsOf(ticket: Way, entered: Record<string, number> = {}): Step[] {
	const state = ticket.state === 'waiting_customer' ? 'working' : ticket.state
	const at: Record<string, number | undefined> = { ...entered, new: ticket.created_at, resolved: ticket.solved_at, closed: ticket.closed_at }
	const time = (name: string) => at[name] || null
	if (state === 'cancelled')
		return [{ name: 'new', is: 'done', at: time('new'), waiting: false }, { name: 'cancelled', is: 'now', at: ticket.closed_at || null, waiting: false }]
	const now = order.indexOf(state as typeof order[number])
	return order.map((name, i) => ({
		name,
		is: i < now || state === 'closed' ? 'done' : i === now ? 'now' : 'ahead',
		at: i <= now ? time(name) : null,
		waiting: i === now && (ticket.state === 'waiting_customer' || ticket.state === 'resolved'),
	}))
}
