/* After a message went: what was added to it meanwhile is left, without what went, and the focus is back only with whoever has not gone on elsewhere. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'

vi.mock('../../app/api', () => ({ client: {} }))
vi.mock('../../app/session', () => ({ useSession: () => ({ may: () => false, mayDo: () => false, setting: () => 1e6 }) }))
vi.mock('../../record/draft', () => ({ draft: () => null, keepDraft: vi.fn(), dropDraft: vi.fn() }))
const { useWriting } = await import('./use_writing')
type Writing = ReturnType<typeof useWriting<'public', void>>

let writing: Writing, arrives: () => void, area: HTMLTextAreaElement, elsewhere: HTMLInputElement
const call = vi.fn<(body: { text: string }, key: string) => Promise<void>>(() => new Promise((done) => { arrives = done }))
const Page = defineComponent({ setup() {
	writing = useWriting<'public', void>('place', { call, sent: () => {}, stays: true, quotes: true })
	return () => [h('form', [h('textarea', { ref: writing.area, value: writing.text.value, onInput: (e: Event) => { writing.text.value = (e.target as HTMLTextAreaElement).value } }), h('button')]), h('input')]
} })
let page: ReturnType<typeof mount>
beforeEach(async () => {
	call.mockClear()
	page = mount(Page, { attachTo: document.body })
	area = page.get('textarea').element
	elsewhere = page.get('input').element
	await page.get('textarea').setValue('您好')
	area.focus()
	void writing.send()
	await flushPromises()
})
afterEach(() => { page.unmount() })
async function arrived() {
	arrives()
	await flushPromises()
}

it('leaves what was typed behind it, without what went', async () => {
	await page.get('textarea').setValue('您好，请稍等')
	await arrived()
	expect(area.value).toBe('，请稍等')
	void writing.send()
	await flushPromises()
	expect(call.mock.calls.map(([body]) => body.text)).toEqual(['您好', '，请稍等'])
	expect(call.mock.calls[0][1]).not.toBe(call.mock.calls[1][1])
})
it('leaves all of what was written anew', async () => {
	await page.get('textarea').setValue('换一句')
	await arrived()
	expect(area.value).toBe('换一句')
})
it('has the caret back where the button had it, or nothing', async () => {
	page.get('button').element.focus()
	await arrived()
	expect([area.value, document.activeElement]).toEqual(['', area])
	await page.get('textarea').setValue('再见')
	void writing.send()
	await flushPromises()
	area.blur()
	await arrived()
	expect(document.activeElement).toBe(area)
})
it('leaves whoever has gone on elsewhere where she is', async () => {
	elsewhere.focus()
	await arrived()
	expect([area.value, document.activeElement]).toEqual(['', elsewhere])
})
it('leaves a list that was opened meanwhile', async () => {
	writing.signs.open('article')
	area.blur()
	await arrived()
	expect([writing.signs.choosing.value, document.activeElement]).toEqual(['article', document.body])
})
