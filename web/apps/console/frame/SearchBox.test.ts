/* An input method's own Enter and arrows are not for what was found. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'

const push = vi.fn()
vi.mock('vue-router', () => ({ useRouter: () => ({ push, resolve: (to: string) => ({ path: to }), currentRoute: { value: { path: '/' } } }) }))
vi.mock('../app/api', () => ({ client: { call: async () => ({ items: [] }) } }))
vi.mock('../app/session', () => ({ useSession: () => ({ may: () => false, mayDo: () => false, record: () => undefined }) }))
vi.mock('../app/take', () => ({ useTake: () => ({ take: () => {} }) }))
vi.mock('./recent', () => ({ followRecent: () => () => {}, recent: async () => [] }))
vi.mock('./find', () => ({ askedLines: async () => [], fitting: (all: unknown[]) => all, pageLines: () => ['/ticket', '/customer'].map((to) => ({ key: to, to, icon: 'list', title: to, meta: '' })) }))
const SearchBox = (await import('./SearchBox.vue')).default

it('leaves the keys of an input method alone', async () => {
	const search = mount(SearchBox, { attachTo: document.body })
	await search.get('button').trigger('click')
	await flushPromises()
	const input = document.querySelector<HTMLInputElement>('[role=combobox]')!
	input.value = 'a'
	input.dispatchEvent(new Event('input'))
	await flushPromises()
	const press = async (key: string, isComposing: boolean) => {
		input.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing, bubbles: true }))
		await flushPromises()
	}
	await press('ArrowDown', true)
	await press('Enter', true)
	expect([document.querySelector('[aria-selected="true"]')!.getAttribute('data-to'), push.mock.calls.length]).toEqual(['/ticket', 0])
	await press('ArrowDown', false)
	await press('Enter', false)
	expect(push.mock.calls.map(([to]) => to.path)).toEqual(['/customer'])
	search.unmount()
})
