import { describe, expect, it } from 'vitest'
import { folded, namesIn } from './tag'

describe('names of tags', () => {
	it('are the same without case, width and blanks', () => {
		expect(folded('ＶＩＰ　客户')).toBe(folded('vip 客户'))
		expect(folded('a b')).toBe('ab')
	})
	it('come several at once, by any comma, and none twice', () => {
		expect(namesIn('漏水，VIP、 vip ;; a  b,', [])).toEqual(['漏水', 'VIP', 'a b'])
		expect(namesIn('Vip', ['VIP'])).toEqual([])
		expect(namesIn(' ', [])).toEqual([])
	})
})
