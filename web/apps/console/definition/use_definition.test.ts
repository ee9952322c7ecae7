/* A definition that is made: what goes with it may be refused, it is there all the same, and is made once. */
import { beforeEach, expect, it, vi } from 'vitest'
import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { ApiError } from '@shared/api/error'
import { current } from '@shared/blocks/toast'

const post = vi.fn(async () => ({ id: '7', version: 1 }))
const replace = vi.fn(async () => {})
vi.mock('../app/api', () => ({ client: { post } }))
vi.mock('vue-router', () => ({ useRouter: () => ({ replace }) }))
vi.mock('../app/session', () => ({ useSession: () => ({ record: () => undefined, mayDo: () => true }) }))
vi.mock('../frame/crumb', () => ({ useCrumb: () => {} }))
vi.mock('../record/put_away', () => ({ putAway: vi.fn() }))
vi.mock('../record/use_record', () => ({ useRecord: vi.fn() }))
const { useDefinition } = await import('./use_definition')

function page(made: () => Promise<void>) {
	let def!: ReturnType<typeof useDefinition>
	mount(defineComponent({ setup() { def = useDefinition('mail_account', 'new', { title: '' }, undefined, made); return () => h('p') } }))
	return def
}
beforeEach(() => { vi.clearAllMocks() })

it('goes to what was made, also where its secret is refused, and says why', async () => {
	const def = page(() => Promise.reject(new ApiError(422, { code: 'too_long', message: '密码太长' })))
	expect(await def.save()).toMatchObject({ id: '7' })
	expect(post).toHaveBeenCalledTimes(1)
	expect(replace).toHaveBeenCalledWith('/mail_account/7')
	expect(def.wrong.value).toBeNull()
	expect(current.value).toMatchObject({ text: '密码太长', tone: 'breach' })
})

it('says that it was made where nothing is refused', async () => {
	const def = page(async () => {})
	await def.save()
	expect(replace).toHaveBeenCalledWith('/mail_account/7')
	expect(current.value?.tone).toBe('plain')
})
