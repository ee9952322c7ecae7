/* What the server says of a chat (/api/v1/visit). */
export interface Label { zh: string; en: string }
export type Ask = 'off' | 'optional' | 'required'

export interface Config {
	token: string
	now: number
	company: { code: string; name: string; hotline: string }
	title: Label
	greeting: Label
	away: Label
	colour: string
	side: 'right' | 'left'
	ask: { name: Ask; phone: Ask; product: Ask }
	file_most: number
	open: boolean
	opens_at: number | null
	products: { id: string; name: Label }[]
}
export interface Conversation {
	id: string
	state: 'waiting' | 'active' | 'closed' | 'bot'
	last_no: number
	last_at: number
	staff_no: number
	customer_no: number
	rating: number
	can_rate: boolean
	answer_by: number | null
	queue: { place: number | null; wait_ms: number | null; opens_at: number | null } | null
}
export interface Carried { id: string; name: string; type: string; size: number; width: number; height: number; thumbnail: boolean }
export interface Message { no: number; id: string; at: number; actor: { kind: string; name?: string }; text: string; files: Carried[]; offers?: Offer[] }
/* An answer to press: its words are sent. open: a page of the customer's own pages instead. */
export interface Offer { say: string; open?: string }

/* What is on its way, kept in the browser until the server has it. The same name sent again is the same message. */
export interface Unsent { external_id: string; text: string; at: number; files: { id: string; name: string }[]; said?: Said; refused?: string }
export interface Said { name?: string; phone?: string; product_id?: string }
