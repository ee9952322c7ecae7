/*
 * What the customer pages send to and expect from /api/v1/my/…
 * One place for the shapes, so that a change on the server shows as a type error here.
 * Times are UTC milliseconds, ids are strings, days are YYYY-MM-DD, words that the
 * company writes come in both languages and are chosen on the screen.
 */
import type { ActorKind } from '@shared/api/types'
import type { Words as IndustryWords } from '@shared/i18n/words'

export interface Words {
	zh: string
	en: string
}

export type SceneName =
	| 'repair'
	| 'usage'
	| 'complaint'
	| 'return'
	| 'installation'
	| 'value_added'
	| 'emergency'
	| 'remote'
	| 'order'
	| 'logistics'
	| 'price'
	| 'appointment'
	| 'reschedule'
	| 'no_show'
	| 'quality'

export type Grade = 'normal' | 'urgent' | 'critical'
export type TicketState =
	| 'new'
	| 'accepted'
	| 'working'
	| 'waiting_customer'
	| 'resolved'
	| 'closed'
	| 'cancelled'

// POST /my/code {phone} → 200 {wait_s}; the same answer whether the number is known or not.
export interface CodeSent {
	wait_s: number
}

// POST /my/session {phone, code} or {token}; GET /my/session. 401 = not signed in, 410 `link_expired` = ask for a new one.
export interface Session {
	customer: { id: string; name: string; phone: string } // phone partly hidden: 138****5678
	tenant: { code: string; name: Words; hotline: string }
	ticket_id: string | null // the ticket a signed link belongs to
	expires_at: number
}

export interface SelfAddress { id: string; version: number; province: string; city: string; district: string; street: string }

/* What is held on the customer who asks. */
export interface Self { version: number; name: string; email: string; phone: string; addresses: SelfAddress[] }

/* An account of the company in WeChat; since: when she showed that a name there is hers. */
export interface WechatAccount { title: string; kind: 'official' | 'mini'; since: number | null }

/* Something asked about her data: at, due_at, done_at in ms. */
export interface DataRequest { id: string; kind: 'erase' | 'ask'; state: 'open' | 'done' | 'cancelled'; at: number; due_at: number; done_at: number }

export interface Consent {
	purpose: string
	version: string
	given: boolean
	again: boolean // agreed to an older text
	at: number
	label: Words
	text: Words
}

export interface Choice {
	value: string
	label: Words
}

// A question that only one scene asks. `choice` is one of, `choices` is any of.
export interface FormField {
	name: string
	type: 'text' | 'long_text' | 'choice' | 'choices' | 'day' | 'yes_no' | 'number'
	label: Words
	hint: Words | null
	required: boolean
	sealed: boolean // personal (an address): goes into the description, which is sealed, never into answers
	most: number // greatest length of a text, greatest count of choices
	choices: Choice[]
}

export interface Scene {
	name: SceneName
	label: Words
	hint: Words | null // one line below the name on the entry page
	device: 'required' | 'optional' | 'none' // none: asks for a product only
	safety: boolean // asks the safety question first
	symptoms: boolean // offers the product's symptoms
	times: boolean // asks for a preferred day and time of day
	proof: boolean // offers purchase proof (A10)
	required?: string[] // of symptoms, times and proof those that have to be given
	text: 'required' | 'optional' | 'none'
	text_label: Words
	submit: Words
	fields: FormField[]
}

export interface Symptom {
	code: string
	label: Words
	grade: Grade
}

export interface Product {
	id: string
	name: Words
	code: string // fridge, washer, air_conditioner, …; the icon hangs on it
	symptoms: Symptom[]
}

// Danger kinds of the safety question, each with the steps that make it safe.
export interface Danger {
	code: 'leak' | 'smoke' | 'shock' | 'heat'
	label: Words
	steps: Words[]
}

// GET /my/form?tenant=: needs no session, so that the page can be drawn while the code is on its way.
export interface Form {
	tenant: { name: Words; hotline: string; code?: string; logo?: string }
	scenes: Scene[]
	products: Product[]
	safety: { question: Words; dangers: Danger[] }
	times: Choice[] // morning, afternoon, evening
	proof_kinds: Choice[] // invoice, order, receipt, warranty_card
	limits: { text: number; files: number; file_bytes: number }
	words?: IndustryWords // terms and labels of the company's industry
}

// GET /my/device → {items}; POST /my/device/find {serial} or {qr} → Device, 404 `not_found`.
export interface Device {
	id: string
	product_id: string
	name: Words // 十字门冰箱
	model: string
	serial_end: string // last four
	cover: 'warranty' | 'extended' | 'out' | 'unknown'
	cover_until: string | null
}

// POST /my/ticket, with Idempotency-Key → 201 Ticket.
// 409 `open_ticket`, error.arg = its id: this device already has one in this scene.
// 428 `proof_needed`, error.arg = "bits:challenge": send again with header X-Proof.
export interface Report {
	scene: SceneName
	device_id: string | null
	product_id: string | null
	serial: string | null // typed by the customer, unknown to the company
	danger: '' | 'leak' | 'smoke' | 'shock' | 'heat'
	symptoms: string[]
	description: string
	file_ids: string[]
	preferred_day: string | null // null: any
	preferred_time: string // morning, afternoon, evening, '' any
	proof: { kind: string; day: string; file_id: string | null } | null
	answers: Record<string, string | string[] | boolean> // the scene's own fields, by name
	[own: `x_${string}`]: unknown // what the company asks besides
}

export interface Step {
	name: 'accepted' | 'working' | 'waiting_customer' | 'resolved' | 'closed' | 'rated'
	at: number | null
	state: 'done' | 'now' | 'next'
}

export interface TimelineItem {
	no: number
	at: number
	kind: string // ticket.created, ticket.commented, ticket.rated, and ticket. + each action of the flow
	actor: { kind: ActorKind; name: string }
	text: string | null
	file_ids: string[]
}

// What was given because of a complaint; `until`: a warranty's new end. waiting: is on its way.
export interface Given {
	kind: 'warranty' | 'coupon' | 'refund'
	amount_fen: number
	months: number
	until: string | null
	state: 'waiting' | 'done'
	at: number
}

export interface Rating {
	result: 'satisfied' | 'mostly' | 'not'
	attitude: number | null // 1…5
	speed: number | null
	solution: number | null
	text: string
	at: number
}

// GET /my/ticket → {items: Ticket[]} without timeline; GET /my/ticket/{id} → all of it.
export interface Ticket {
	id: string
	no: string
	version: number
	scene: SceneName
	grade: Grade
	state: TicketState
	stage?: { zh: string; en: string } | null // a state of the company's own, where it is meant for customers
	title: string
	description: string
	device: Device | null
	product_id: string | null
	owner: { name: string } | null // as strangers see her: 林女士
	symptoms: string[]
	danger: string
	preferred_day: string | null
	preferred_time: string
	result: string // what was done, for the customer
	reopen_count: number
	plan: string // what will be done after "not solved"; '' until somebody wrote it
	plan_due_at: number | null // by when it was promised
	created_at: number
	updated_at: number
	response_due_at: number | null // when somebody will have called
	first_response_at: number | null
	solved_at: number | null
	closed_at: number | null
	steps: Step[]
	timeline: { items: TimelineItem[]; next: number | null } // newest first
	merged_nos: string[] // what was merged into it, by the numbers she was told
	rating: Rating | null
	given: Given[]
	can: {
		remind: boolean
		remind_again_at: number | null // cool-down
		fact: boolean
		confirm: boolean
		unsolved: boolean
		rate: boolean
	}
	remind_count: number
	link_expires_at: number | null
}

// POST /my/ticket/{id}/…, each with `version` and Idempotency-Key, each answers the Ticket.
export interface Fact {
	version: number
	text: string
	file_ids: string[]
}
export interface Unsolved {
	version: number
	reason: string
	file_ids: string[]
}
export interface Rate {
	version: number
	result: 'satisfied' | 'mostly' | 'not'
	attitude: number | null
	speed: number | null
	solution: number | null
	text: string
}

// GET /my/conversation → {items}, newest first; POST {text, external_id} → {no, conversation}: the same external_id is the same message.
export interface Conversation {
	id: string
	state: 'waiting' | 'active' | 'closed' | 'bot'
	state_label: Words
	last_no: number
	last_at: number
	rating: number // 1 to 5; 0: none
	can_rate: boolean
	staff_no: number // read by the company up to
	customer_no: number
	title: string
	queue: { place: number | null; wait_ms: number | null; opens_at: number | null } | null // while she waits in a queue
}

// GET /my/conversation/{id}/message?after=… → {items, more}; numbers begin at 1 and rise; those of internal notes are left out.
export interface Message {
	no: number
	id: string
	at: number
	actor: { kind: ActorKind; name?: string }
	text: string
	files: { id: string; name: string; type: string; thumbnail: boolean }[]
	/* Answers to press: their words are sent, or a page is opened. */
	offers?: { say: string; open?: string }[]
}
