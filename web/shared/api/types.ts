/*
 * The shapes of the REST contract that shared code itself needs: errors, pages, meta, actions, events.
 * Everything about single records comes from generated.ts (made from OpenAPI) or is read through meta.
 */
import type { Label } from '../i18n'
import type { Words } from '../i18n/words'

export interface FieldError { field: string; code: string; message: string }

export interface ErrorBody {
	code: string
	message: string
	field?: string
	fields?: FieldError[]
	request_id?: string
}

/* Every record carries these; the rest is read by field name from meta. */
export interface Item {
	id: string
	version?: number
	state?: string
	actions?: Action[]
	[field: string]: unknown
}

/* Who did something; `user` is a member of staff. */
export type ActorKind = 'system' | 'user' | 'customer' | 'token' | 'bot' | 'former'

export interface Page<T = Item> {
	items: T[]
	next: string | null
	previous?: string | null
	total?: number
	total_more?: boolean
}

export type Operator = '=' | '!=' | 'in' | 'not_in' | '<' | '<=' | '>' | '>='
export type Scalar = string | number | boolean | null
export type Condition = [field: string, operator: Operator, value: Scalar | Scalar[]]

export interface Action {
	name: string
	label: Label
	primary?: boolean
	reason?: 'none' | 'optional' | 'required'
	/* Further input: names of the record's fields, or fields of their own. */
	fields?: (string | Partial<Field> & { name: string })[]
	/* Asked once more before it is done · fields of this row to be filled in before. */
	confirm?: boolean
	missing?: string[]
}

/* `mark`: how the value is drawn: a flow state or a grade. */
/* retired: rows may hold it, none takes it any more. asks: what a row of this choice has to say in the end, a field of the same record. */
export interface Choice { value: string; label: Label; mark?: string; retired?: boolean; asks?: string }

export interface Offer {
	value: string
	label: Label
	of: string | null
}

export interface Field {
	name: string
	type: string
	label: Label
	required?: boolean
	sortable?: boolean
	filterable?: boolean
	/* What a condition makes of it: choice, id, time, day, number, real, flag, code, text, sealed, set; null: it may not be named. */
	condition?: string | null
	searchable?: boolean
	masked?: boolean
	readonly?: boolean
	/* Set by the server only · set at creation only · not in lists unless chosen. */
	system?: boolean
	fixed?: boolean
	hidden?: boolean
	least?: number
	most?: number
	initial?: string | null
	choices?: Choice[]
	/* What a code may say that this company can choose from; of: the object that it goes with. */
	offers?: Offer[]
	to?: string | null
	/* Defined by the company: the words under it, the reports that ask for it, whether it takes no new values. */
	custom?: boolean
	hint?: Label
	scenes?: string[]
	archived?: boolean
}

export interface RecordMeta {
	name: string
	/* Of one row · of a list of them. */
	label: Label
	plural: Label
	fields: Field[]
	/* What this person may do with it: read create change archive reveal export import. */
	permissions?: string[]
	flow?: string | null
	default_sort?: string
	/* Columns beside the fields that lists may be sorted by. */
	sorts?: string[]
	/* What the generic routes offer at all. */
	creatable?: boolean
	changeable?: boolean
	archivable?: boolean
	importable?: boolean
}

/* hollow = new, half = in progress, dashed = waiting, tick = done, dash = cancelled */
export type FlowMarkKind = 'hollow' | 'half' | 'dashed' | 'tick' | 'dash'

/* A move as the description of a flow tells it; no `to`: the state stays. */
export interface FlowAction extends Action {
	from: string[]
	to: string | null
	who: 'user' | 'customer' | 'both' | 'system'
	permission: string
	/* What must hold besides. */
	guard: Label | null
	/* The loop is not closed without it: it may be called otherwise, no more. */
	kept?: boolean
	/* What the company says of it: its own move, fields to be filled before, roles, condition, own states that it does not leave. */
	own?: boolean
	needs?: string[]
	roles?: string[]
	condition?: string
	not_from?: string[]
}

/* A state of the company's own; `state` is what it means. */
export interface Stage extends Choice { state: string; shown?: boolean }

export interface FlowMeta {
	name: string
	states: (Choice & { final?: boolean })[]
	stages?: Stage[]
	takes_stages?: boolean
	actions: FlowAction[]
}

/* What only comes by imports: its fields, and which of them names a file lying beside the sheet. */
export interface TargetMeta {
	name: string
	label: Label
	fields: Field[]
	file_of: string | null
	permissions: string[]
}

export interface Meta {
	records: RecordMeta[]
	targets?: TargetMeta[]
	flows: FlowMeta[]
	settings?: Record<string, unknown>
	permissions?: string[]
	/* Of the company's industry. */
	words?: Words
}

/* What the stream delivers. `no` is gapless per company, but a client sees only what it may and asked for. */
export interface StreamEvent {
	no: number
	kind: string
	object: string
	id: string
	at: number
	data?: Record<string, unknown>
}

export interface Signal {
	topic: string
	what: 'looking' | 'typing' | 'left'
	user?: { id: string; name: string }
}
