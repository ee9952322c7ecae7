import { expect, test } from 'vitest'
import { addDays, isDay, mondayOf, weekOf } from './week'

test('a week begins on its Monday, over the turn of a year too', () => {
	expect(mondayOf('2026-11-29')).toBe('2026-11-23')
	expect(mondayOf('2026-11-23')).toBe('2026-11-23')
	expect(mondayOf('2027-01-01')).toBe('2026-12-28')
	expect(weekOf('2026-12-28').at(-1)).toBe('2027-01-03')
	expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
})

test('what is no day is none', () => {
	expect([isDay('2026-11-23'), isDay('2026-13-01'), isDay('x'), isDay(undefined)]).toEqual([true, false, false, false])
})
