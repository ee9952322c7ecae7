/* A trial that runs is asked for until it ends; not by a page that is gone or that nobody sees, and an answer about another set is dropped. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'

const post = vi.fn<(path: string, body?: unknown) => Promise<unknown>>()
const get = vi.fn<(path: string, query?: Record<string, unknown>) => Promise<unknown>>()
vi.mock('../../app/api', () => ({ client: { get, post }, stream: { subscribe: () => () => {} } }))
const { useTrials } = await import('./use_trials')

let state = 'running'
const trial = (set: string) => ({ id: `t${set}`, set_id: set, state, done: 1, total: 2, created_at: 0 })
function answer(path: string, query?: Record<string, unknown>): unknown {
	if (path === '/question_set') return { items: [{ id: '1' }, { id: '2' }] }
	if (path === '/knowledge/judged') return { weeks: [] }
	if (path === '/knowledge') return { products: [] }
	if (path === '/evaluation') return { items: [trial(String(query?.condition).at(-1)!)] }
	return { items: [], next: null }
}
const asked = () => get.mock.calls.filter(([path]) => path === '/evaluation').length
let hidden = false
beforeEach(() => {
	vi.useFakeTimers()
	get.mockReset().mockImplementation(async (path, query) => answer(path, query))
	state = 'running'
	hidden = false
	vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden)
})
afterEach(() => { vi.useRealTimers() })
function page() {
	let work!: ReturnType<typeof useTrials>
	const shown = mount(defineComponent({ setup() { work = useTrials(); return () => h('p') } }))
	return { work, shown }
}

it('is asked for until it ends', async () => {
	const { work, shown } = page()
	await work.loadSets()
	await vi.advanceTimersByTimeAsync(1500)
	expect(asked()).toBeGreaterThan(1)
	state = 'done'
	await vi.advanceTimersByTimeAsync(800)
	const then = asked()
	expect(work.trial.value?.id).toBe('t1')
	await vi.advanceTimersByTimeAsync(10_000)
	expect(asked()).toBe(then)
	shown.unmount()
})

it('is not asked for by a page that nobody sees, nor by one that is gone while an answer is under way', async () => {
	const { work, shown } = page()
	await work.loadSets()
	hidden = true
	const then = asked()
	await vi.advanceTimersByTimeAsync(10_000)
	expect(asked()).toBe(then)
	hidden = false
	let late = () => {}
	get.mockImplementation((path, query) => new Promise((done) => { late = () => done(answer(path, query)) }))
	await vi.advanceTimersByTimeAsync(800)
	expect(asked()).toBe(then + 1)
	shown.unmount()
	late()
	await vi.advanceTimersByTimeAsync(10_000)
	expect(asked()).toBe(then + 1)
})

it('shows the trials of the set that is chosen, however late the answer about another one comes', async () => {
	const { work, shown } = page()
	await work.loadSets()
	let late = () => {}
	get.mockImplementation((path, query) => (query?.condition === 'set_id = 1' && path === '/evaluation' ? new Promise((done) => { late = () => done(answer(path, query)) }) : Promise.resolve(answer(path, query))))
	void work.loadSet()
	work.set.value = '2'
	await work.loadSet()
	late()
	await vi.advanceTimersByTimeAsync(0)
	expect(work.trials.value[0].id).toBe('t2')
	shown.unmount()
})

it('shows a trial that has ended before anybody could see it run', async () => {
	state = 'done'
	get.mockImplementation(async (path, query) => (path === '/evaluation' ? { items: [] } : answer(path, query)))
	const { work, shown } = page()
	await work.loadSets()
	get.mockImplementation(async (path, query) => answer(path, query))
	post.mockResolvedValue({ ...trial('1'), state: 'running' })
	await work.begin('7')
	expect(post).toHaveBeenCalledWith('/question_set/1/try', { article_id: '7' })
	expect(work.trial.value?.id).toBe('t1')
	shown.unmount()
})
