/* What waits to be sent is neither lost nor sent twice. The server is played by `send`; the store is the real one. */
import { ApiError } from '@shared/api/error'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ticket } from './contract'
import { drop, enqueue, flush, outbox, refresh, refused, takeBack, unsent, type Waiting } from './outbox'

const sent = vi.hoisted(() => ({ calls: [] as { path: string; key: string; body: Record<string, unknown> }[], answer: (() => ({ id: '1' })) as () => unknown }))
vi.mock('./my', async (original) => ({
	...(await original<typeof import('./my')>()),
	send: async (path: string, body: Record<string, unknown>, key: string) => {
		sent.calls.push({ path, key, body })
		return sent.answer()
	},
}))

const fails = (status: number, code: string) => () => {
	throw new ApiError(status, { code, message: `no: ${code}` })
}
const message = (key: string, at = 0): Waiting => ({
	key, path: '/ticket', scene: 'repair', body: { description: key, file_ids: [] }, parts: [], proof: null, created_at: at, refusal: null,
})

beforeEach(async () => {
	for (const { key } of outbox.items) await drop(key)
	sent.calls = []
	sent.answer = () => ({ id: '1' })
})

describe('the outbox', () => {
	it('sends at once and forgets what the server has', async () => {
		const result = await enqueue(message('a'))
		expect(result).toEqual({ kind: 'sent', ticket: { id: '1' } as Ticket })
		expect(outbox.items).toEqual([])
	})

	it.each([[0, 'network'], [502, 'http_502'], [503, 'busy'], [500, 'internal'], [429, 'too_many']])('keeps a message over %i and sends it later with the same key', async (status, code) => {
		sent.answer = fails(status, code)
		expect((await enqueue(message('a'))).kind).toBe('waiting')
		expect(unsent.value.map((item) => item.key)).toEqual(['a'])
		sent.answer = () => ({ id: '1' })
		await flush()
		expect(sent.calls.map((call) => call.key)).toEqual(['a', 'a'])
		expect(outbox.items).toEqual([])
	})

	it('keeps messages of a person who is signed out', async () => {
		sent.answer = fails(401, 'unauthorised')
		expect((await enqueue(message('a'))).kind).toBe('signed_out')
		expect(unsent.value).toHaveLength(1)
	})

	it('sends in the order of writing and stops at the first that has to wait', async () => {
		sent.answer = fails(0, 'network')
		await enqueue(message('later', 2))
		await enqueue(message('earlier', 1))
		sent.calls = []
		await flush()
		expect(sent.calls.map((call) => call.key)).toEqual(['earlier'])
		sent.answer = () => ({ id: '1' })
		await flush()
		expect(sent.calls.map((call) => call.key)).toEqual(['earlier', 'earlier', 'later'])
	})

	it('shows a refusal, does not send it again by itself, and gives it back to be mended', async () => {
		sent.answer = fails(422, 'field_invalid')
		expect((await enqueue(message('a'))).kind).toBe('refused')
		expect(refused.value[0].refusal).toEqual({ code: 'field_invalid', message: 'no: field_invalid' })
		await flush()
		expect(sent.calls).toHaveLength(1)
		expect((await takeBack('a'))?.body.description).toBe('a')
		expect(outbox.items).toEqual([])
	})

	it('does not send one message in two ways at once', async () => {
		const slow = { open: () => undefined as void }
		sent.answer = () => new Promise((done) => (slow.open = () => done({ id: '1' })))
		const first = enqueue(message('a'))
		await vi.waitFor(() => expect(sent.calls).toHaveLength(1))
		const second = flush()
		slow.open()
		await Promise.all([first, second])
		expect(sent.calls).toHaveLength(1)
	})

	it('is found again after the page was closed', async () => {
		sent.answer = fails(0, 'network')
		await enqueue(message('a'))
		outbox.items = []
		await refresh()
		expect(unsent.value.map((item) => item.key)).toEqual(['a'])
	})
})
