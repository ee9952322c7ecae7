/* Whoever types on and presses Enter means what she has typed, not what the list still shows. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'

const answers: ((items: object[]) => void)[] = []
vi.mock('../../app/api', () => ({ client: { get: () => new Promise((done) => answers.push((items) => done({ items }))) } }))
const MentionList = (await import('./MentionList.vue')).default
const wang = { id: '1', name: '王芳', account: 'wang' }, li = { id: '2', name: '李敏', account: 'li' }
const enter = (list: { key: (e: KeyboardEvent) => boolean }) => list.key(new KeyboardEvent('keydown', { key: 'Enter' }))

it('waits for the list of what was typed', async () => {
	vi.useFakeTimers()
	const list = mount(MentionList, { props: { words: '', id: 'x' } })
	await vi.advanceTimersByTimeAsync(0)
	answers.shift()!([wang, li])
	await flushPromises()
	await list.setProps({ words: '李' })
	expect(enter(list.vm as never)).toBe(true)
	expect(list.emitted('pick')).toBeUndefined()
	answers.shift()!([li])
	await flushPromises()
	expect(list.emitted('pick')).toEqual([[li, true]])
	await list.setProps({ words: '李敏' })
	await vi.advanceTimersByTimeAsync(500)
	answers.shift()!([])
	await flushPromises()
	expect(enter(list.vm as never)).toBe(false)
	vi.useRealTimers()
})
