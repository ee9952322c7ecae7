/* Flows to start from; the names of their moves and states are kept in both languages. */
import type { Draft } from './draft'

export const examples: Record<string, Draft & { object: string }> = {
	mail_in: {
		object: 'ticket',
		states: [
			{ code: 'send_in', zh: '待用户寄回', en: 'To be sent in', state: 'waiting_customer', shown: true },
			{ code: 'in_repair', zh: '收到检修中', en: 'Received, in repair', state: 'working', shown: true },
			{ code: 'sent_back', zh: '已寄回待签收', en: 'Sent back', state: 'working', shown: true },
		],
		moves: [
			{ move: 'o_send_in', own: true, from: ['accepted', 'working'], to: 'send_in', zh: '请用户寄回', en: 'Ask to send it in', fields: ['device_id'] },
			{ move: 'o_received', own: true, from: ['send_in'], to: 'in_repair', zh: '收到寄修件', en: 'Received' },
			{ move: 'o_sent_back', own: true, from: ['in_repair'], to: 'sent_back', zh: '修好寄回', en: 'Repaired and sent back', reason: 'required' },
			{ move: 'resolve', not_from: ['in_repair'] },
		],
	},
	visit: {
		object: 'ticket',
		states: [
			{ code: 'booked', zh: '已约上门', en: 'Visit booked', state: 'working', shown: true },
			{ code: 'parts', zh: '待备件', en: 'Waiting for parts', state: 'working', shown: true },
		],
		moves: [
			{ move: 'o_book', own: true, from: ['accepted', 'working'], to: 'booked', zh: '约好上门', en: 'Book the visit', fields: ['owner_id'] },
			{ move: 'o_parts', own: true, from: ['booked'], to: 'parts', zh: '缺件，等备件', en: 'Wait for parts', reason: 'required' },
			{ move: 'o_parts_here', own: true, from: ['parts'], to: 'booked', zh: '备件到了，再约', en: 'Parts are here, book again' },
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
	call: {
		object: 'task',
		states: [{ code: 'no_answer', zh: '未接通', en: 'No answer', state: 'open' }],
		moves: [{ move: 'o_no_answer', own: true, from: ['open', 'no_answer'], to: 'no_answer', zh: '没有接通', en: 'No answer', reason: 'required' }],
	},
}
