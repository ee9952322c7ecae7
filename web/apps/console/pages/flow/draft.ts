/*
 * A company's flow while it is edited: what it says of the product's moves, its own states and moves; and what comes of it when it is laid
 * over the built-in flow, as the server does (docs/adr/0040-company-flows.md). Pure.
 */
import type { Choice, FlowAction, FlowMeta } from '@shared/api/types'

export interface OwnState { code: string; zh: string; en: string; state: string; shown?: boolean }
export interface Said {
	move: string
	own?: boolean
	from?: string[]
	to?: string
	zh?: string
	en?: string
	off?: boolean
	reason?: string
	fields?: string[]
	roles?: string[]
	condition?: string
	confirm?: boolean
	not_from?: string[]
}
export interface Draft { states: OwnState[]; moves: Said[] }

type Reason = 'none' | 'optional' | 'required'
const reasons: Reason[] = ['none', 'optional', 'required']
export const stronger = (a = 'none', b = 'none'): Reason => reasons[Math.max(reasons.indexOf(a as Reason), reasons.indexOf(b as Reason))]
const labelOf = (zh = '', en = '') => ({ zh: zh || en, en: en || zh })

function over(action: FlowAction, said: Said | undefined): FlowAction {
	if (!said) return action
	const label = said.zh || said.en ? labelOf(said.zh, said.en) : action.label
	return { ...action, label, reason: stronger(action.reason, said.reason), needs: said.fields ?? [], roles: said.roles ?? [], condition: said.condition ?? '', confirm: said.confirm, not_from: said.not_from ?? [] }
}

/* What an own state or a built-in one means. */
export const meaningOf = (draft: Draft, place: string) => draft.states.find((s) => s.code === place)?.state ?? place

/* The move of the product that carries an own one out from there; null: none leads there; undefined: the meaning stays. */
export function carrierOf(base: FlowMeta, draft: Draft, from: string, to: string): FlowAction | null | undefined {
	const a = meaningOf(draft, from)
	const b = meaningOf(draft, to)
	if (a === b) return undefined
	return base.actions.find((m) => m.to === b && m.from.includes(a) && (m.who === 'user' || m.who === 'both')) ?? null
}

function ownAction(base: FlowMeta, draft: Draft, said: Said): FlowAction {
	const carriers = (said.from ?? []).flatMap((f) => (said.to ? carrierOf(base, draft, f, said.to) : null) ?? [])
	return {
		name: said.move, own: true, label: labelOf(said.zh, said.en), from: said.from ?? [], to: said.to ?? null, who: 'user', permission: carriers[0]?.permission ?? '',
		guard: carriers.find((m) => m.guard)?.guard ?? null, reason: carriers.reduce<Reason>((r, m) => stronger(r, m.reason), stronger(said.reason)), needs: said.fields ?? [], roles: said.roles ?? [],
		condition: said.condition ?? '', confirm: said.confirm,
	}
}

/* The flow as it would be. */
export function laid(base: FlowMeta, draft: Draft): FlowMeta {
	const said = new Map(draft.moves.filter((m) => !m.own).map((m) => [m.move, m]))
	const stages = draft.states.map((s) => ({ value: s.code, label: labelOf(s.zh, s.en), mark: base.states.find((b) => b.value === s.state)?.mark, state: s.state, shown: s.shown }))
	return {
		...base, stages,
		actions: [...base.actions.filter((m) => !said.get(m.name)?.off).map((m) => over(m, said.get(m.name))), ...draft.moves.filter((m) => m.own).map((m) => ownAction(base, draft, m))],
	}
}

export interface Place extends Choice { own: boolean; final?: boolean }
/* All states in one row: each built-in one, and behind it those of the company that mean it. */
export const placesOf = (flow: FlowMeta): Place[] => flow.states.flatMap((s) => [{ ...s, own: false }, ...(flow.stages ?? []).filter((x) => x.state === s.value).map((x) => ({ ...x, own: true }))])

/* An entry that says nothing is none. */
export function isEmpty(said: Said): boolean {
	return !said.own && Object.entries(said).every(([name, v]) => name === 'move' || v === undefined || v === '' || v === false || v === 'none' || (Array.isArray(v) && !v.length))
}

export function freeCode(taken: string[], prefix: string): string {
	let n = 1
	while (taken.includes(`${prefix}${n}`)) n++
	return `${prefix}${n}`
}

/* Own states that the flow in force has and the next one has not, or means otherwise: rows may still be in them. */
export const goingStates = (now: FlowMeta | undefined, draft: Draft) => (now?.stages ?? []).filter((s) => draft.states.find((d) => d.code === s.value)?.state !== s.state)
