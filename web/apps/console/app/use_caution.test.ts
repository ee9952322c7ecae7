/* Words that are forbidden: who has read what they are may send just that, once. */
import { expect, it, vi } from 'vitest'

const post = vi.fn(async () => ({ items: [{ kind: 'word', words: '包好', fatal: false }] }))
vi.mock('./api', () => ({ client: { post } }))
vi.mock('./session', () => ({ useSession: () => ({ may: () => true }) }))
const { useCaution } = await import('./use_caution')

it('accepts what was asked about, and nothing that was written since', async () => {
	const caution = useCaution()
	expect(await caution.allows('一定包好', true)).toBe(false)
	caution.accept()
	expect(caution.found.value).toEqual([])
	expect(await caution.allows('一定包好', true)).toBe(true)
	expect(await caution.allows('一定包好，永远', true)).toBe(false)
})

it('asks again for the same words once they went', async () => {
	const caution = useCaution()
	await caution.allows('一定包好', true)
	caution.accept()
	caution.sent()
	expect(await caution.allows('一定包好', true)).toBe(false)
})
