import { describe, expect, it } from 'vitest'
import { average, percent, scoreOf, spoken, verdictsOf, type Finding } from './quality'

const finding = (no: number, more: Partial<Finding> = {}): Finding => ({ no, rule_id: '1', kind: 'forbidden', kind_label: { zh: '禁用语', en: 'Forbidden words' }, rule: 'r', message_no: 2, weight: 30, fatal: false, verdict: '', by: null, words: 'x', ...more })

describe('a result while it is reviewed', () => {
	it('counts what is not said to be wrong', () => {
		const marked = finding(4, { verdict: 'unsure' })
		expect(verdictsOf([finding(1), marked])).toEqual({ 1: true })
		expect(scoreOf([finding(1), marked], verdictsOf([finding(1), marked]), [])).toBe(70)
		expect(scoreOf([marked], { 4: true }, [])).toBe(70)
		const all = [finding(1), finding(2, { verdict: 'false' }), finding(3)]
		expect(verdictsOf(all)).toEqual({ 1: true, 2: false, 3: true })
		expect(scoreOf(all, verdictsOf(all), [])).toBe(40)
		expect(spoken({ 1: true, 2: false })).toEqual([{ no: 1, right: true }, { no: 2, right: false }])
	})
	it('falls to nothing with one that is fatal, and never below', () => {
		expect(scoreOf([finding(1, { fatal: true })], { 1: true }, [])).toBe(0)
		expect(scoreOf([finding(1, { fatal: true })], { 1: false }, [{ weight: 5, fatal: false }])).toBe(95)
		expect(scoreOf([1, 2, 3, 4].map((n) => finding(n)), { 1: true, 2: true, 3: true, 4: true }, [])).toBe(0)
	})
	it('never rounds a share up to what was promised', () => {
		expect(percent(9799, 10000)).toBe('97.9%')
		expect(percent(0, 0)).toBe('—')
		expect(average(250, 3)).toBe('83.3')
	})
})
