import { describe, expect, it } from 'vitest'
import { readableOn } from './style'

describe('the colour of a company as words', () => {
	it('stays where it is read', () => {
		expect(readableOn('#0b6675', '#ffffff')).toBe('#0b6675')
	})
	it('is lighter at night and darker by day where it would not be read', () => {
		expect(readableOn('#0b6675', '#151b1e')).not.toBe('#0b6675')
		expect(readableOn('#ffe14d', '#ffffff')).not.toBe('#ffe14d')
		expect(readableOn('#000000', '#151b1e')).toMatch(/^#[0-9a-f]{6}$/)
	})
})
