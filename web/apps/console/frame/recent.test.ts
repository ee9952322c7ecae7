import { describe, expect, it } from 'vitest'
import { remembered, rowOf } from './recent'

describe('what was open last', () => {
	it('knows the page of a row', () => {
		expect(rowOf('/ticket/12')).toEqual(['ticket', '12'])
		for (const path of ['/ticket', '/ticket/new', '/ticket/12/print', '/']) expect(rowOf(path)).toBeNull()
	})
	it('keeps the newest first, each once, and not for ever', () => {
		let kept: string[] = []
		for (const n of [1, 2, 3, 1]) kept = remembered(kept, `/ticket/${n}`)
		expect(kept).toEqual(['/ticket/1', '/ticket/3', '/ticket/2'])
		for (let n = 10; n < 30; n++) kept = remembered(kept, `/rule/${n}`)
		expect(kept.length).toBe(6)
		expect(remembered(kept, '/ticket')).toBe(kept)
	})
})
