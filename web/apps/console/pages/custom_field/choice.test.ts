import { describe, expect, it } from 'vitest'
import { withValues } from './choice'

describe('values of choices', () => {
	it('are given to those without one, each once', () => {
		const rows = withValues([{ value: '', zh: '左', en: '' }, { value: 'c1', zh: '右', en: '' }, { value: '', zh: '上', en: '' }])
		expect(rows.map((r) => r.value)).toEqual(['c2', 'c1', 'c3'])
	})
	it('stay as they are', () => {
		const rows = [{ value: 'left', zh: '左', en: 'Left', retired: true }]
		expect(withValues(rows)).toEqual(rows)
	})
})
