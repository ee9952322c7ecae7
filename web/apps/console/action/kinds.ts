/*
 * What may happen to a record and what may be done to it, as the server offers it (GET /rule/kinds); and the fields by which an editor
 * asks for an action's members. Nothing here knows a single kind but "set" and "move", whose input the record's own fields tell.
 */
import { has, t, type Label } from '@shared/i18n'
import type { Choice, Field } from '@shared/api/types'

export interface Member { name: string; type: string; required: boolean; choices: Choice[] }
export interface Kind { name: string; label: Label; members: Member[] }
export interface EventWord { name: string; label: Label }
export interface Kinds { events: EventWord[]; actions: Kind[] }
export type Doing = { do: string } & Record<string, unknown>

/* A reference is to what its name says, where it does not name a person by what she does. */
const targets: Record<string, string> = { owner: 'user' }
function targetOf(name: string): string {
	const word = name.replace(/_id$/, '')
	return targets[word] ?? word
}
/* Who is asked for only where it is somebody in particular. */
const ASKED_FOR: Record<string, string> = { user_id: 'person', role_id: 'role' }
export const isAsked = (doing: Doing, name: string) => !(name in ASKED_FOR) || doing.to === ASKED_FOR[name]

const types: Record<string, string> = { id: 'ref', ref: 'ref', count: 'count', flag: 'flag', text: 'text', list: 'tags' }

function label(name: string): Label {
	const key = `doing.member_${name}`
	const text = has(key) ? t(key) : name
	return { zh: text, en: text }
}
/* Seconds are asked for as hours, which people count in. */
export const HOURS_OF = new Set(['due'])
export const SECONDS_OF_HOUR = 3600

export function fieldOf(m: Member): Field {
	const type = m.choices.length ? 'choice' : types[m.type] ?? 'code'
	return { name: m.name, type, label: label(m.name), required: m.required, choices: m.choices, to: type === 'ref' ? targetOf(m.name) : null }
}
