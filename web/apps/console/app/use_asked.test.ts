/* Asked while somebody types: once after a pause, the last question counts, nothing comes afterwards. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { useAsked } from './use_asked'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

function typed() {
	const answers: ((text: string) => void)[] = [], took: string[] = []
	let asked!: ReturnType<typeof useAsked<string>>
	const page = mount(defineComponent({ setup() { asked = useAsked(200, () => new Promise<string>((done) => { answers.push(done) }), (text) => took.push(text)); return () => h('p') } }))
	return { page, asked, answers, took }
}
const passing = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('asks once after a pause', async () => {
	const { asked, answers, took } = typed()
	asked.later()
	await passing(150)
	asked.later()
	await passing(150)
	expect(answers.length).toBe(0)
	await passing(50)
	answers[0]('a')
	await passing(0)
	expect([answers.length, took, asked.busy.value]).toEqual([1, ['a'], false])
})

it('takes the answer to the last question, and none to one that was dropped', async () => {
	const { asked, answers, took } = typed()
	void asked.now()
	void asked.now()
	answers[1]('new')
	answers[0]('old')
	await passing(0)
	expect(took).toEqual(['new'])
	void asked.now()
	asked.drop()
	answers[2]('dropped')
	await passing(0)
	expect([took, asked.busy.value]).toEqual([['new'], false])
})

it('brings nothing to a page that is gone', async () => {
	const { page, asked, answers, took } = typed()
	void asked.now()
	asked.later()
	page.unmount()
	answers[0]('late')
	await passing(1000)
	expect([answers.length, took]).toEqual([1, []])
})
