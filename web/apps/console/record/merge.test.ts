import { describe, expect, it } from 'vitest'
import { merge } from './merge'
import { fromLocal, toLocal } from './local'

describe('merge of a form', () => {
	const base = { name: 'a', phone: '1', note: '', tags: ['x'] }
	it('keeps what only one side changed', () => {
		expect(merge(Object.keys(base), base, { ...base, name: 'b' }, { ...base, phone: '2' }))
			.toEqual({ merged: { name: 'b', phone: '2', note: '', tags: ['x'] }, clashes: [] })
	})
	it('names what both changed differently', () => {
		expect(merge(Object.keys(base), base, { ...base, name: 'b' }, { ...base, name: 'c' }).clashes).toEqual(['name'])
	})
	it('sees no clash where both wrote the same', () => {
		expect(merge(Object.keys(base), base, { ...base, tags: ['y'] }, { ...base, tags: ['y'] })).toMatchObject({ clashes: [], merged: { tags: ['y'] } })
	})
})

describe('local time of inputs', () => {
	it('goes there and back in the zone of the company', () => {
		const ms = Date.UTC(2026, 10, 22, 6, 32)
		expect(toLocal(ms, 'Asia/Shanghai')).toBe('2026-11-22T14:32')
		expect(fromLocal('2026-11-22T14:32', 'Asia/Shanghai')).toBe(ms)
		expect(fromLocal('2026-07-01T12:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 6, 1, 10))
		expect(fromLocal('soon', 'Asia/Shanghai')).toBeNull()
	})
})
