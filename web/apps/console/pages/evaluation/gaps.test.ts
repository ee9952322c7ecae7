/* An article is begun from a gap only where there is none yet: no answer is no reason to make another. */
import { beforeEach, expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import { t } from '@shared/i18n'
import { ApiError } from '@shared/api/error'

let entry: () => Promise<unknown>
const gap = { id: '1000000000000001', version: 1, state: 'open', why: 'unknown', many: 1, last_at: 0, article: '', questions: [{ text: '怎么洗', conversation_id: '1', article: '', at: 0 }] }
const get = vi.fn((path: string) => (path === '/gap' ? Promise.resolve({ items: [gap], open: 1, next: null }) : entry()))
const post = vi.fn(async (path: string) => ({ path, version: 2 }))
const push = vi.fn()
vi.mock('../../app/api', () => ({ client: { get, post } }))
vi.mock('../../app/session', () => ({ useSession: () => ({ mayDo: () => true, when: { now: 0, zone: 'Asia/Shanghai', lang: 'zh' } }) }))
vi.mock('../../frame/crumb', () => ({ useCrumb: () => {} }))
vi.mock('vue-router', () => ({ useRouter: () => ({ push }), RouterLink: { template: '<a><slot /></a>' } }))
const GapsPage = (await import('./GapsPage.vue')).default
beforeEach(() => { vi.clearAllMocks() })

async function begun() {
	const page = mount(GapsPage, { global: { stubs: { RouterLink: true } } })
	await flushPromises()
	await page.findAll('button').find((b) => b.text() === t('gap.begin'))!.trigger('click')
	await flushPromises()
	page.unmount()
	return post.mock.calls.map(([path]) => path)
}

it('makes the article where there is none', async () => {
	entry = () => Promise.reject(new ApiError(404, { code: 'not_found', message: '没有' }))
	expect(await begun()).toEqual(['/article', '/gap/1000000000000001/add'])
	expect(push).toHaveBeenCalledWith('/knowledge/Q-00000001')
})

it('takes the one that is there', async () => {
	entry = () => Promise.resolve({})
	expect(await begun()).toEqual(['/gap/1000000000000001/add'])
})

it('makes none where nobody answered', async () => {
	entry = () => Promise.reject(new ApiError(0, { code: 'network', message: '断网' }))
	expect(await begun()).toEqual([])
	expect(push).not.toHaveBeenCalled()
})
