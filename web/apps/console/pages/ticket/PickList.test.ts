/* Enter takes what was typed for, once the list of it is there; an input method's own Enter takes nothing. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import PickList from './PickList.vue'

interface Line { id: string }
const answers: ((lines: Line[]) => void)[] = []
function open(fill: (line: Line) => Promise<string> = async (line) => `text ${line.id}`) {
	return mount(PickList<Line>, { attachTo: document.body, props: { name: 'x', label: 'x', hint: 'x', none: 'x', find: () => new Promise<Line[]>((done) => answers.push(done)), show: (line: Line) => ({ title: line.id, meta: '', text: '' }), fill } })
}
const give = async (...ids: string[]) => { answers.shift()!(ids.map((id) => ({ id }))); await flushPromises() }

it('waits for the list of what was typed', async () => {
	const list = open(), box = list.get('input')
	await give('a', 'b')
	await box.setValue('b')
	await box.trigger('keydown', { key: 'Enter' })
	expect(list.emitted('pick')).toBeUndefined()
	await give('b')
	expect(list.emitted('pick')).toEqual([['text b', { id: 'b' }]])
	list.unmount()
})

it('takes what an arrow chose, and keeps it chosen while other lines come', async () => {
	const list = open(), box = list.get('input')
	await give('a', 'b')
	vi.useFakeTimers()
	await box.setValue('b')
	await box.trigger('keydown', { key: 'ArrowDown' })
	await vi.advanceTimersByTimeAsync(500)
	vi.useRealTimers()
	await give('c', 'a', 'b')
	expect(list.get('[aria-selected="true"]').text()).toBe('b')
	await box.setValue('bb')
	await box.trigger('keydown', { key: 'ArrowUp' })
	await box.trigger('keydown', { key: 'Enter' })
	await flushPromises()
	expect(list.emitted('pick')![0][0]).toBe('text a')
	list.unmount()
	answers.length = 0
})

it('goes round by arrows, and leaves the keys of an input method alone', async () => {
	const list = open(), box = list.get('input')
	await give('a', 'b', 'c')
	await box.trigger('keydown', { key: 'ArrowUp' })
	expect(list.get('[aria-selected="true"]').text()).toBe('c')
	await box.trigger('keydown', { key: 'ArrowDown', isComposing: true })
	await box.trigger('keydown', { key: 'Enter', isComposing: true })
	expect(list.get('[aria-selected="true"]').text()).toBe('c')
	expect(list.emitted('pick')).toBeUndefined()
	await box.trigger('keydown', { key: 'ArrowDown' })
	await box.trigger('keydown', { key: 'Enter' })
	await flushPromises()
	expect(list.emitted('pick')![0][0]).toBe('text a')
	list.unmount()
})

it('says why nothing is filled in, and asks once however often Enter is pressed', async () => {
	const fill = vi.fn(async () => { throw new Error('no') })
	const list = open(fill), box = list.get('input')
	await give('a')
	void box.trigger('keydown', { key: 'Enter' })
	void box.trigger('keydown', { key: 'Enter' })
	await flushPromises()
	expect(fill).toHaveBeenCalledTimes(1)
	expect(list.find('[role="alert"]').exists()).toBe(true)
	list.unmount()
})
