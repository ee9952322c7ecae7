import { describe, expect, it } from 'vitest'
import { dayStart, weekBefore } from './entry'

describe('a day of the audit', () => {
	it('begins at midnight of the company, not of London', () => {
		expect(dayStart('2026-11-22', 480)).toBe(Date.parse('2026-11-21T16:00:00Z'))
		expect(dayStart('2026-11-22', 480, 1)).toBe(Date.parse('2026-11-22T16:00:00Z'))
	})
	it('is none when nothing was typed', () => expect(dayStart('', 480)).toBeUndefined())
})

it('a week before is counted in days of the company', () => {
	expect(weekBefore(Date.parse('2026-11-29T15:59:00Z'), 480)).toBe('2026-11-22')
	expect(weekBefore(Date.parse('2026-11-29T16:00:00Z'), 480)).toBe('2026-11-23')
})
