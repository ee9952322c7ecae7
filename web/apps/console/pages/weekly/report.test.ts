import { expect, test } from 'vitest'
import { difference, inside } from './report'

test('a link of the mail stays within the console', () => {
	expect(inside('https://desk.example/promise?period=week&day=2027-03-01&promise=7')).toBe('/promise?period=week&day=2027-03-01&promise=7')
})

test('a difference has a sign, and none where a number is not known', () => {
	const of = (n: number | null, before: number | null) => difference({ code: 'x', name: 'x', n, before })
	expect([of(3, 1), of(1, 3), of(2, 2), of(null, 2), of(2, null)]).toEqual(['+2', '−2', '±0', null, null])
})
