/*
 * Clocks (docs/adr/0016) as screens draw them: which state mark, what remains right now, which of several comes first. Pure but for the
 * names of measures, which every answer brings along and the timeline asks for.
 */
import { reactive } from 'vue'
import { has, pick, t, type Label } from '@shared/i18n'
import type { ClockState } from '@shared/marks/ClockMark.vue'
import { dayOf, type When } from '@shared/format/time'

export interface Clock {
	id: string
	object: string
	object_id: string
	measure: string
	label: Label
	round: number
	state: 'running' | 'paused' | 'held' | 'met' | 'cancelled'
	policy_id: string
	policy: Label
	target_ms: number
	spent_ms: number
	remaining_ms: number
	soon: boolean
	breached: boolean
	from_at: number | null
	due_at: number | null
	ended_at: number | null
	breached_at: number | null
}

/* One answer: the clocks as they stood at the server's `now`, read here at `at`. */
export interface Reading { now: number; at: number }

const NEAR_MS = 1000
const SECONDS_UNDER_MS = 300_000

/* Until it is due no closing time lies between: then it can be counted here, second by second. */
function counts(c: Clock, r: Reading): boolean {
	return c.state === 'running' && c.due_at !== null && Math.abs(c.due_at - r.now - c.remaining_ms) < NEAR_MS
}

/* What remains at `now` of this machine's clock; by the time passed since reading, so a clock set wrongly does no harm. */
export function remainingAt(c: Clock, r: Reading, now: number): number {
	return counts(c, r) ? c.remaining_ms - Math.max(0, now - r.at) : c.remaining_ms
}

/* Its text has seconds, so it must move every second. */
export function showsSeconds(c: Clock, r: Reading, now: number): boolean {
	return counts(c, r) && Math.abs(remainingAt(c, r, now)) < SECONDS_UNDER_MS
}

export function stateOf(c: Clock, remaining = c.remaining_ms): ClockState {
	if (c.breached || (c.state === 'running' && remaining < 0)) return 'breached'
	if (c.state === 'paused' || c.state === 'held') return 'paused'
	if (c.state === 'met') return 'met'
	return c.soon ? 'soon' : 'fine'
}

/* The time its mark names: what remains, what it is over, what was used. */
export function spanOf(c: Clock, remaining: number): number {
	const state = stateOf(c, remaining)
	return state === 'met' ? c.spent_ms : Math.abs(remaining)
}

/* The one a list shows: the next to come due, else one that stands, else the last that was met. */
export function firstOf(clocks: Clock[]): Clock | null {
	const of = (state: Clock['state']) => clocks.filter((c) => c.state === state)
	const running = of('running').sort((a, b) => (a.due_at ?? Infinity) - (b.due_at ?? Infinity))
	const met = of('met').sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0))
	return running[0] ?? of('paused')[0] ?? met[0] ?? null
}

/* What was promised, in the hours it was promised in: a working day is not a day of 24 hours. */
export function targetText(ms: number): string {
	const minutes = Math.round(ms / 60_000)
	return minutes % 60 ? t('unit_n.min', {}, minutes) : t('unit_n.h', {}, minutes / 60)
}

/* Working hours may put the due instant on another day than the remaining time suggests: then the day is told. */
export function isOtherDay(c: Clock, remaining: number, when: When): boolean {
	return c.state === 'running' && c.due_at !== null && remaining > 0 && dayOf(c.due_at, when.zone) !== dayOf(when.now + remaining, when.zone)
}

const labels = reactive(new Map<string, Label>())
export function learn(clocks: Clock[]): void {
	for (const c of clocks) if (!labels.has(c.measure)) labels.set(c.measure, c.label)
}
export function measureText(code: string): string {
	const known = labels.get(code)
	return known ? pick(known) : has(`measure.${code}`) ? t(`measure.${code}`) : code
}

/* 第 2 次 where an object has the same clock again. */
export function clockTitle(c: Clock): string {
	return c.round > 1 ? t('clocks.round', { measure: pick(c.label), n: c.round }) : pick(c.label)
}
