/* Flows to start from; names of their states and moves are texts, flow.name_… by code, kept in both languages. */
import type { Label } from '@shared/i18n'
import type { Draft, OwnState, Said } from './draft'

interface Example { object: string; states: Omit<OwnState, 'zh' | 'en'>[]; moves: Said[] }

export const examples: Record<string, Example> = {
	mail_in: {
		object: 'ticket',
		states: [
			{ code: 'send_in', state: 'waiting_customer', shown: true },
			{ code: 'in_repair', state: 'working', shown: true },
			{ code: 'sent_back', state: 'working', shown: true },
		],
		moves: [
			{ move: 'o_send_in', own: true, from: ['accepted', 'working'], to: 'send_in', fields: ['device_id'] },
			{ move: 'o_received', own: true, from: ['send_in'], to: 'in_repair' },
			{ move: 'o_sent_back', own: true, from: ['in_repair'], to: 'sent_back', reason: 'required' },
			{ move: 'resolve', not_from: ['in_repair'] },
		],
	},
	visit: {
		object: 'ticket',
		states: [
			{ code: 'booked', state: 'working', shown: true },
			{ code: 'parts', state: 'working', shown: true },
		],
		moves: [
			{ move: 'o_book', own: true, from: ['accepted', 'working'], to: 'booked', fields: ['owner_id'] },
			{ move: 'o_parts', own: true, from: ['booked'], to: 'parts', reason: 'required' },
			{ move: 'o_parts_here', own: true, from: ['parts'], to: 'booked' },
			{ move: 'resolve', not_from: ['parts'] },
		],
	},
	strict: {
		object: 'ticket',
		states: [],
		moves: [
			{ move: 'accept', fields: ['product_id'] },
			{ move: 'resolve', fields: ['device_id'] },
			{ move: 'cancel', confirm: true },
		],
	},
	pay: {
		object: 'compensation',
		states: [],
		moves: [{ move: 'grant', confirm: true }],
	},
	call: {
		object: 'task',
		states: [{ code: 'no_answer', state: 'open' }],
		moves: [{ move: 'o_no_answer', own: true, from: ['open', 'no_answer'], to: 'no_answer', reason: 'required' }],
	},
}

export function exampleDraft(name: string, text: (key: string) => Label): Draft {
	const { states, moves } = JSON.parse(JSON.stringify(examples[name])) as Example
	return {
		states: states.map((s) => ({ ...s, ...text(`flow.name_${s.code}`) })),
		moves: moves.map((m) => (m.own ? { ...m, ...text(`flow.name_${m.move}`) } : m)),
	}
}
