/* What the server says of duty: mine, and a team's week. */
import { both, type Label } from '@shared/i18n'

export interface Span { from_at: number; to_at: number }
export interface Reason { id: string; name: string; name_en: string; limit_minutes: number }
export type State = 'on' | 'break' | 'off'

export interface OwnDuty {
	state: State
	said: boolean
	planned: boolean
	since: number | null
	until: number | null
	reason_id: string | null
	shift: Span | null
	next: Span | null
	absence: Span | null
	reasons: Reason[]
	now: number
}

export interface Kind { id: string; name: string; name_en: string; hours: string }
export interface Shift extends Span { id: string; version: number; user_id: string; day: string; hours: string; kind_id: string | null }
export interface Absence extends Span { id: string; user_id: string; cover_id: string | null; reason: string | null }
export interface Week extends Span {
	zone: string
	days: { day: string; closed: boolean; zh: string | null; en: string | null }[]
	planned: boolean
	gaps: Span[]
	kinds: Kind[]
	people: { id: string; name: string }[]
	shifts: Shift[]
	absences: Absence[]
	names: Record<string, string>
	next: string | null
}

export interface Place { user_id: string; for_id: string | null; state: State; since: number | null; until: number | null; reason_id: string | null }
export interface OnDuty {
	at: number
	items: Place[]
	absent: { user_id: string; until: number; cover_id: string | null }[]
	names: Record<string, string>
	reasons: Reason[]
	next: string | null
}

export const stateLabel = (state: State): Label => both(`duty.${state}`)
export const named = (row: { name: string; name_en: string } | undefined): Label | null => (row ? { zh: row.name, en: row.name_en || row.name } : null)
export const MINUTE_MS = 60_000
/* Over its limit, by so many milliseconds; 0 when it is not. */
export const over = (since: number | null, reason: Reason | undefined, now: number): number =>
	(since === null || !reason?.limit_minutes ? 0 : Math.max(0, now - since - reason.limit_minutes * MINUTE_MS))
