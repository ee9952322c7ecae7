import { expect, test } from 'vitest'
import { difference, inside, worstFirst, type Kept } from './report'

test('a link of the mail stays within the console', () => {
	expect(inside('https://desk.example/promise?period=week&day=2027-03-01&promise=7')).toBe('/promise?period=week&day=2027-03-01&promise=7')
})

test('what was missed comes first, in the order that it had', () => {
	const of = (name: string, state: string) => ({ name, state }) as Kept
	expect(worstFirst([of('a', 'held'), of('b', 'missed'), of('c', 'none'), of('d', 'near'), of('e', 'missed')]).map((p) => p.name)).toEqual(['b', 'e', 'd', 'a', 'c'])
})

test('a difference has a sign, and none where a number is not known', () => {
	const of = (n: number | null, before: number | null) => difference({ code: 'x', name: 'x', n, before })
	expect([of(3, 1), of(1, 3), of(2, 2), of(null, 2), of(2, null)]).toEqual(['+2', '−2', '±0', null, null])
})
