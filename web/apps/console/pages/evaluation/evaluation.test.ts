import { expect, test } from 'vitest'
import { readLines, sheetOf } from './evaluation'

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
