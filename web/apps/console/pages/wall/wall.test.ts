import { describe, expect, it } from 'vitest'
import { byMinute, MINUTES } from './use_wall'

describe('what comes due, by minute', () => {
	const now = Date.UTC(2026, 10, 22, 6, 32)
	const due = (ms: number) => ({ id: '1', version: 1, next_due_at: now + ms }) as never
	it('counts each in its minute', () => {
		const counts = byMinute([due(0), due(59_999), due(60_000), due(59 * 60_000 + 1)], now)
		expect([counts.length, counts[0], counts[1], counts[59]]).toEqual([MINUTES, 2, 1, 1])
	})
	it('leaves out what is late and what comes later', () => {
		expect(byMinute([due(-1), due(60 * 60_000)], now).every((n) => n === 0)).toBe(true)
	})
})
