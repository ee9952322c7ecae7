/* Rules to start from; their names are texts. */
import type { Doing } from '../../action/kinds'

interface Example { object?: string; cause: 'event' | 'time'; events: string[]; event_data?: Record<string, string>; changed?: string[]; condition: string; actions: Doing[] }

export const examples: Record<string, Example> = {
	complaint: { cause: 'event', events: ['created'], condition: 'scene = complaint and grade = normal', actions: [{ do: 'move', action: 'grade', fields: { grade: 'urgent' } }] },
	assign: { cause: 'event', events: ['created'], condition: 'owner_id is none', actions: [{ do: 'assign', by: 'load' }] },
	breached: { cause: 'event', events: ['clock_breached'], event_data: { measure: 'solution' }, condition: 'state not in (closed, cancelled)', actions: [{ do: 'move', action: 'grade', fields: { grade: 'critical' } }] },
	complaint_ticket: { object: 'conversation', cause: 'event', events: ['received'], condition: 'scene = complaint and ticket_id is none', actions: [{ do: 'ticket', scene: 'complaint' }] },
	untouched: { cause: 'time', events: [], condition: 'state in (new, accepted, working) and age(touched_at) > 24h', actions: [{ do: 'task', to: 'owner', title: '' }, { do: 'notify', to: 'supervisor', text: '' }] },
}
