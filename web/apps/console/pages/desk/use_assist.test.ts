/* A quoted article corrects what is suggested to the same message, also where it is quoted before that is known. */
import { beforeEach, expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, nextTick, ref } from 'vue'

const answers: ((no: number) => void)[] = []
const get = vi.fn(() => new Promise((done) => answers.push((no) => done({ no, answers: [{ code: 'A02', confidence: 80 }], tree: null, marks: [] }))))
const post = vi.fn<(path: string, body: object) => Promise<void>>(async () => {})
vi.mock('../../app/api', () => ({ client: { get, post } }))
const { useAssist } = await import('./use_assist')

const no = ref(0)
let assist: ReturnType<typeof useAssist>
const Pane = defineComponent({ setup() { assist = useAssist('7', () => no.value); return () => null } })
beforeEach(() => {
	post.mockClear()
	answers.length = 0
	no.value = 3
})
const marks = () => post.mock.calls.map(([, body]) => body)

it('waits for what is suggested', async () => {
	const pane = mount(Pane)
	void assist.quoted('A09')
	await flushPromises()
	expect(marks()).toEqual([])
	answers[0](3)
	await flushPromises()
	expect(marks()).toEqual([{ no: 3, what: 'answer', guess: 'A09', confidence: 0, value: 'used', first: 'A02' }])
	pane.unmount()
})
it('is nothing to the next message, nor after one that was used', async () => {
	const pane = mount(Pane)
	void assist.quoted('A09')
	no.value = 5
	await nextTick()
	answers[1](5)
	await flushPromises()
	answers[0](3)
	await flushPromises()
	expect(marks()).toEqual([])
	await assist.use('A02', 80)
	await assist.quoted('A09')
	expect(marks()).toMatchObject([{ no: 5, guess: 'A02' }])
	pane.unmount()
})
