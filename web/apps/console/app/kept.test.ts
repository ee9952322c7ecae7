import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { forgetKept, kept } from './kept'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

it('asks once for each, and again when it is no longer fresh', async () => {
	const ask = vi.fn(async (of: string) => `${of} ${ask.mock.calls.length}`)
	const { get } = kept(1000, ask)
	expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['a 1', 'a 1', 'b 2'])
	vi.advanceTimersByTime(1000)
	expect(await get('a')).toBe('a 1')
	vi.advanceTimersByTime(1)
	expect(await get('a')).toBe('a 3')
})

it('has what was asked anew for all', async () => {
	let n = 0
	const { get, anew } = kept(1000, async () => ++n)
	expect([await get(''), await anew(''), await get('')]).toEqual([1, 2, 2])
})

it('does not keep what was refused, nor for whoever signs in next', async () => {
	let n = 0
	const { get } = kept(1000, async () => { if (++n === 1) throw new Error('no'); return n })
	await expect(get('')).rejects.toThrow('no')
	expect(await get('')).toBe(2)
	forgetKept()
	expect(await get('')).toBe(3)
})
