import { describe, expect, it } from 'vitest'
import { firstOf, isOtherDay, remainingAt, showsSeconds, spanOf, stateOf, type Clock } from './clock'

const HOUR = 3_600_000
const now = Date.UTC(2026, 10, 22, 6, 32)
const clock = (more: Partial<Clock> = {}): Clock => ({
	id: '1', object: 'ticket', object_id: '7', measure: 'solution', label: { zh: '解决', en: 'Solution' }, round: 1, state: 'running', policy_id: '2', policy: { zh: '', en: '' },
	target_ms: 4 * HOUR, spent_ms: HOUR, remaining_ms: 3 * HOUR, soon: false, breached: false, from_at: now - HOUR, due_at: now + 3 * HOUR, ended_at: null, breached_at: null, ...more,
})
const reading = { now, at: 5000 }

describe('what a clock shows', () => {
	it('is its state, and late stays late', () => {
		expect(stateOf(clock())).toBe('fine')
		expect(stateOf(clock({ soon: true }))).toBe('soon')
		expect(stateOf(clock({ state: 'paused' }))).toBe('paused')
		expect(stateOf(clock({ state: 'met' }))).toBe('met')
		expect(stateOf(clock({ state: 'met', breached: true }))).toBe('breached')
		expect(stateOf(clock(), -1)).toBe('breached')
	})
	it('names what remains, what it is over, what was used', () => {
		expect(spanOf(clock(), 3 * HOUR)).toBe(3 * HOUR)
		expect(spanOf(clock(), -HOUR)).toBe(HOUR)
		expect(spanOf(clock({ state: 'met' }), 3 * HOUR)).toBe(HOUR)
	})
	it('counts on between two readings by the time passed here, whatever this machine thinks the time is', () => {
		expect(remainingAt(clock(), reading, 5000 + HOUR)).toBe(2 * HOUR)
		expect(remainingAt(clock({ remaining_ms: HOUR, due_at: now + HOUR }), reading, 5000 + 2 * HOUR)).toBe(-HOUR)
	})
	it('stands where the doors close before it is due, and while paused', () => {
		expect(remainingAt(clock({ due_at: now + 15 * HOUR }), reading, 5000 + HOUR)).toBe(3 * HOUR)
		expect(remainingAt(clock({ state: 'paused', due_at: null }), reading, 5000 + HOUR)).toBe(3 * HOUR)
	})
	it('moves by the second only under five minutes', () => {
		expect(showsSeconds(clock(), reading, 5000)).toBe(false)
		expect(showsSeconds(clock(), reading, 5000 + 3 * HOUR - 100_000)).toBe(true)
	})
	it('is in a list the next that is due, else one that stands, else the last that was met', () => {
		const late = clock({ id: 'late', due_at: now - 1 })
		const met = clock({ id: 'met', state: 'met', ended_at: now })
		const paused = clock({ id: 'paused', state: 'paused' })
		expect(firstOf([clock(), late, met, paused])?.id).toBe('late')
		expect(firstOf([met, paused])?.id).toBe('paused')
		expect(firstOf([clock({ id: 'old', state: 'met', ended_at: 1 }), met, clock({ state: 'cancelled' })])?.id).toBe('met')
		expect(firstOf([])).toBeNull()
	})
	it('writes the day beside it when the hours left end on another', () => {
		const when = { now, zone: 'Asia/Shanghai', lang: 'zh' as const }
		expect(isOtherDay(clock(), 3 * HOUR, when)).toBe(false)
		expect(isOtherDay(clock({ due_at: now + 27 * HOUR }), 3 * HOUR, when)).toBe(true)
	})
})
