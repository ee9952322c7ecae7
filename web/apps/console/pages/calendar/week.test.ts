import { describe, expect, it } from 'vitest'
import { firstShown, hoursText, intervalOf, joined, monthBy, nextInterval, weekForm, weekOf, withDays } from './week'

describe('a week of working hours', () => {
	it('goes to rows and back, with days of the same hours together', () => {
		const week = [{ days: ['mon', 'tue'], hours: ['09:00-12:00', '13:00-18:00'] }, { days: ['sun'], hours: ['22:00-06:00'] }]
		expect(weekForm(weekOf({ week }))).toEqual(week)
		expect(weekOf({ week })[6]).toEqual([{ from: 1320, to: 1800 }])
	})
	it('knows the end of a day and the night', () => {
		expect(intervalOf('18:00-00:00')).toEqual({ from: 1080, to: 1440 })
		expect(hoursText(intervalOf('18:00-00:00'))).toBe('18:00-24:00')
		expect(hoursText(intervalOf('00:00-24:00'))).toBe('00:00-24:00')
	})
	it('takes in what a dragged interval touches', () => {
		expect(joined([{ from: 540, to: 720 }, { from: 780, to: 1080 }], { from: 700, to: 800 })).toEqual([{ from: 540, to: 1080 }])
		expect(joined([{ from: 540, to: 720 }], { from: 800, to: 900 })).toEqual([{ from: 540, to: 720 }, { from: 800, to: 900 }])
	})
	it('offers the next one after the last', () => {
		expect(nextInterval([])).toEqual({ from: 540, to: 1080 })
		expect(nextInterval([{ from: 540, to: 720 }])).toEqual({ from: 780, to: 1020 })
	})
	it('lets a file have the last word on its days', () => {
		expect(withDays([{ day: '2026-01-02', kind: 'work' }, { day: '2026-01-05', kind: 'closed' }], [{ day: '2026-01-02', kind: 'closed' }]).map((d) => `${d.day} ${d.kind}`)).toEqual(['2026-01-02 closed', '2026-01-05 closed'])
	})
	it('begins a month on a Monday', () => {
		expect(firstShown('2026-11')).toBe('2026-10-26')
		expect(firstShown('2026-06')).toBe('2026-06-01')
		expect(monthBy('2026-12', 1)).toBe('2027-01')
	})
})
