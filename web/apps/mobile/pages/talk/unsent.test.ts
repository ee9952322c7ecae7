/* What she writes is neither lost nor sent twice, whatever is done meanwhile. The server is played; the store is the real one. */
import { ApiError } from '@shared/api/error'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { keys, put, remove } from '../../lib/store'
import { useUnsent, type Unsent } from './unsent'

const said: string[] = []
let answer: (one: Unsent) => void = () => undefined
const signedOut = vi.fn()
const begin = () => useUnsent(async (one) => {
	answer(one)
	said.push(one.text)
}, async () => undefined, signedOut)
const fails = (status: number, code: string) => { throw new ApiError(status, { code, message: `no: ${code}` }) }
const texts = (all: Unsent[]) => all.map((one) => one.text)

beforeEach(async () => {
	for (const key of await keys('talk:')) await remove(key)
	said.length = 0
	answer = () => undefined
	signedOut.mockClear()
})

describe('unsent messages', () => {
	it('keep what is written while the older ones are looked for', async () => {
		await put('talk:old', { external_id: 'old', text: 'before', at: 1 })
		answer = () => fails(0, 'network')
		const { unsent, send, restore, flush } = begin()
		const looking = restore()
		await Promise.all([looking, send('now')])
		expect(texts(unsent.value)).toEqual(['before', 'now'])
		answer = () => undefined
		await flush()
		expect(said).toEqual(['before', 'now'])
		expect(unsent.value).toEqual([])
		expect(await keys('talk:')).toEqual([])
	})

	it('are sent in the order of writing, and outlive the page', async () => {
		answer = () => fails(503, 'busy')
		const first = begin()
		await first.send('one')
		await first.send('two')
		first.rest()
		answer = () => undefined
		const second = begin()
		await second.restore()
		expect(said).toEqual(['one', 'two'])
	})

	it('tell which one was refused, and send what was written after it', async () => {
		answer = (one) => { if (one.text !== 'fine') fails(422, 'bad') }
		const { unsent, send } = begin()
		await send('bad')
		await send('fine')
		await send('worse')
		expect(unsent.value.map((one) => [one.text, one.refused])).toEqual([['bad', 'no: bad'], ['worse', 'no: bad']])
		expect(said).toEqual(['fine'])
	})

	it('wait for her to sign in again', async () => {
		answer = () => fails(401, 'unauthorised')
		const { unsent, send } = begin()
		await send('mine')
		expect(signedOut).toHaveBeenCalledOnce()
		expect(texts(unsent.value)).toEqual(['mine'])
	})
})
