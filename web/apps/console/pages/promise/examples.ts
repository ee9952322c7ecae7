/* Promises to start from; their names and what is counted are texts, promises.example_… and …_meaning, kept in both languages. */
export interface PromiseExample { code: string; area: string; object: string; measure: string; condition: string; target: number; period: string }

export const examples: Record<string, PromiseExample> = {
	vip: { code: 'vip_response', area: 'intake', object: 'ticket', measure: 'response_time', condition: 'customer.level = vip', target: 30, period: 'week' },
	phone: { code: 'phone_satisfaction', area: 'satisfaction', object: 'ticket', measure: 'satisfied', condition: 'channel = phone', target: 90, period: 'month' },
	complaint: { code: 'urgent_complaint_loop', area: 'calls', object: 'ticket', measure: 'loop_time', condition: 'scene = complaint and grade in (urgent, critical)', target: 1440, period: 'week' },
}
