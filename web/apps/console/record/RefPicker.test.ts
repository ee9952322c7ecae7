/* An input method's own Enter and arrows are not for the list. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'

vi.mock('../app/api', () => ({ client: { list: async () => ({ items: [{ id: '1', name: '王芳' }, { id: '2', name: '王明' }] }) } }))
vi.mock('./title', () => ({ titleOf: (item: { name: string }) => item.name }))
const RefPicker = (await import('./RefPicker.vue')).default

it('leaves the keys of an input method alone', async () => {
	const picker = mount(RefPicker, { attachTo: document.body, props: { to: 'customer', modelValue: '' } })
	const box = picker.get('input')
	await box.trigger('focus')
	await flushPromises()
	await box.trigger('keydown', { key: 'ArrowDown', isComposing: true })
	await box.trigger('keydown', { key: 'Enter', isComposing: true })
	expect([picker.get('[aria-selected="true"]').text(), picker.emitted('picked')]).toEqual(['王芳', undefined])
	await box.trigger('keydown', { key: 'ArrowDown' })
	await box.trigger('keydown', { key: 'Enter' })
	expect(picker.emitted('update:modelValue')).toEqual([['2']])
	picker.unmount()
})
