import { expect, test } from 'vitest'
import { readLines, sheetOf, weekTable } from './evaluation'

test('lines as `anxin eval` reads them, as a sheet with a head and without one', () => {
	expect(readLines('A02\t空调漏水\r\nOOS\t天气怎么样\n')).toEqual({ lines: [{ question: '空调漏水', expected: 'A02' }, { question: '天气怎么样', expected: 'OOS' }], wrong: [] })
	expect(readLines('\uFEFF应答文章,问题,产品编号\nA02,"漏水了,""哗哗""的",fridge')).toEqual({ lines: [{ question: '漏水了,"哗哗"的', expected: 'A02', product: 'fridge' }], wrong: [] })
	expect(readLines('问题,应答文章\n"漏水了\n还有声音",A02')).toEqual({ lines: [{ question: '漏水了\n还有声音', expected: 'A02' }], wrong: [] })
	expect(readLines('空调漏水,A02')).toEqual({ lines: [{ question: '空调漏水', expected: 'A02' }], wrong: [] })
})

test('a line that says less is told by its number', () => {
	expect(readLines('空调漏水,A02\n\n只有问题')).toEqual({ lines: [{ question: '空调漏水', expected: 'A02' }], wrong: [3] })
})

test('nothing in a sheet becomes a formula', () => {
	expect(sheetOf(['问题'], [['=1+1'], ['a"b']])).toBe('\uFEFF"问题"\r\n"\'=1+1"\r\n"a""b"\r\n')
})

test('weeks and products beside one another, without weeks of which nothing is known', () => {
	const none = { solved: 0, unsolved: 0, lines: 0, right: 0 }
	const weeks = [
		{ from: '2026-11-16', ...none, solved: 3, unsolved: 1, products: [{ product: 'fridge', ...none, solved: 2 }, { product: '', ...none, solved: 1, unsolved: 1 }] },
		{ from: '2026-11-23', ...none, lines: 10, right: 9, products: [{ product: 'oven', ...none, lines: 10, right: 9 }] },
		{ from: '2026-11-30', ...none, solved: 1, products: [{ product: 'oven', ...none, solved: 1 }] },
	]
	expect(weekTable(weeks, 'said')).toEqual({ weeks: ['2026-11-16', '2026-11-30'], rows: [
		{ product: null, cells: [{ n: 4, good: 3 }, { n: 1, good: 1 }] }, { product: '', cells: [{ n: 2, good: 1 }, { n: 0, good: 0 }] },
		{ product: 'fridge', cells: [{ n: 2, good: 2 }, { n: 0, good: 0 }] }, { product: 'oven', cells: [{ n: 0, good: 0 }, { n: 1, good: 1 }] },
	] })
	expect(weekTable(weeks, 'tried').rows).toEqual([{ product: null, cells: [{ n: 10, good: 9 }] }, { product: 'oven', cells: [{ n: 10, good: 9 }] }])
	expect(weekTable([], 'said')).toEqual({ weeks: [], rows: [] })
})
