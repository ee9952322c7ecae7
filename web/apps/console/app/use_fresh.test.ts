/* When a figure of the page is read: at once, after what is heard, so often besides; never for a page that is gone. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'

let hear: () => void = () => {}
vi.mock('./api', () => ({ stream: { subscribe: (_topic: string, run: () => void) => { hear = run; return () => { hear = () => {} } } } }))
const { useFresh } = await import('./use_fresh')

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

function shown(read: () => Promise<void>, more: { asleep?: () => boolean } = {}) {
	return mount(defineComponent({ setup() { useFresh(read, { topics: ['view:ticket'], soonMs: 1000, everyMs: 20_000, ...more }); return () => h('p') } }))
}

it('reads at once, once for several events, and every so often', async () => {
	const read = vi.fn(async () => {})
	const page = shown(read)
	expect(read).toHaveBeenCalledTimes(1)
	hear(); hear(); hear()
	await vi.advanceTimersByTimeAsync(1000)
	expect(read).toHaveBeenCalledTimes(2)
	await vi.advanceTimersByTimeAsync(20_000)
	expect(read).toHaveBeenCalledTimes(3)
	page.unmount()
})

it('goes on where reading fails, and does not read what nobody sees', async () => {
	let asleep = false
	const read = vi.fn(() => Promise.reject(new Error('no network')))
	const page = shown(read, { asleep: () => asleep })
	await vi.advanceTimersByTimeAsync(20_000)
	expect(read).toHaveBeenCalledTimes(2)
	asleep = true
	await vi.advanceTimersByTimeAsync(60_000)
	expect(read).toHaveBeenCalledTimes(2)
	page.unmount()
})

it('ends with the page, also where an answer is still under way', async () => {
	let answer = () => {}
	const read = vi.fn(() => new Promise<void>((done) => { answer = done }))
	shown(read).unmount()
	answer()
	await vi.advanceTimersByTimeAsync(60_000)
	expect(read).toHaveBeenCalledTimes(1)
	expect(vi.getTimerCount()).toBe(0)
})
