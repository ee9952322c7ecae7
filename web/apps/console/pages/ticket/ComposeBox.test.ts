/* What was looked over is what goes, whatever is done to the box meanwhile; what is added meanwhile stays. */
import { beforeEach, expect, it, vi } from 'vitest'
import { flushPromises, shallowMount } from '@vue/test-utils'

let look: (items: unknown[]) => void
let sent: () => void
const post = vi.fn(() => new Promise((done) => { look = (items) => done({ items }) }))
const call = vi.fn<(...given: unknown[]) => Promise<void>>(() => new Promise((done) => { sent = done }))
vi.mock('../../app/api', () => ({ client: { post, call } }))
vi.mock('../../app/session', () => ({ useSession: () => ({ may: () => true, mayDo: () => false, setting: () => 1e6 }) }))
vi.mock('../../record/draft', () => ({ draft: () => null, keepDraft: vi.fn(), dropDraft: vi.fn() }))
const ComposeBox = (await import('./ComposeBox.vue')).default
beforeEach(() => { vi.clearAllMocks() })

async function written(words: string) {
	const box = shallowMount(ComposeBox, { props: { id: '1', people: [] }, attachTo: document.body })
	const area = box.get('textarea')
	await area.setValue(words)
	void box.get('form').trigger('submit')
	await flushPromises()
	return { box, area: area.element as HTMLTextAreaElement, write: (more: string) => area.setValue(more) }
}
const bodies = () => call.mock.calls.map((one) => (one[1] as { body: { text: string; visibility: string } }).body)

it('sends what was looked over, to whom it was looked over for', async () => {
	const { box, area, write } = await written('明天上门')
	await write('明天上门，包您满意')
	await box.findAll('.kinds button')[1].trigger('click')
	look([])
	await flushPromises()
	expect(bodies()).toMatchObject([{ text: '明天上门', visibility: 'public' }])
	sent()
	await flushPromises()
	expect(area.value, 'what went does not go again').toBe('，包您满意')
	box.unmount()
})

it('is empty once it went, and has the focus where it went all the same', async () => {
	const { box, area } = await written('一定包好')
	look([{ kind: 'word', words: '包好', fatal: false }])
	await flushPromises()
	expect(call).not.toHaveBeenCalled()
	area.blur()
	box.findComponent({ name: 'CautionNote' }).vm.$emit('send')
	await flushPromises()
	expect(document.activeElement).toBe(area)
	expect(bodies()).toMatchObject([{ text: '一定包好' }])
	sent()
	await flushPromises()
	expect(area.value).toBe('')
	box.unmount()
})
