/* What the client sends and how it reads answers, over a fetch that records; nothing leaves the process. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLang } from '../i18n'
import { Client, newKey, queryText } from './client'
import { ApiError } from './error'

function reply(status: number, body: unknown, headers: Record<string, string> = {}): Response {
	return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

describe('client', () => {
	const fetched = vi.fn<typeof fetch>()
	beforeEach(async () => {
		await useLang('zh')
		vi.useFakeTimers()
		fetched.mockReset()
		vi.stubGlobal('fetch', fetched)
	})
	afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals() })

	it('writes a query: lists as JSON, true as 1, nothing for what is empty', () => {
		expect(queryText({ filter: [['state', '=', 'new']], total: true, q: '', after: null, limit: 50 }))
			.toBe(`?filter=${encodeURIComponent('[["state","=","new"]]').replaceAll('%20', '+')}&total=1&limit=50`)
	})

	it('makes keys without a secure context', () => {
		expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
		expect(newKey()).not.toBe(newKey())
	})

	it('sends language and an idempotency key', async () => {
		fetched.mockResolvedValue(reply(200, { id: '1' }))
		await new Client().post('/ticket', { title: 'x' }, { key: 'k1' })
		const headers = fetched.mock.calls[0][1]!.headers as Record<string, string>
		expect(headers['Idempotency-Key']).toBe('k1')
		expect(headers['Accept-Language']).toBe('zh')
	})

	it('repeats with the same key when the answer was lost', async () => {
		fetched.mockRejectedValueOnce(new TypeError('reset')).mockResolvedValueOnce(reply(201, { id: '1' }))
		const done = new Client().post<{ id: string }>('/ticket', {})
		await vi.runAllTimersAsync()
		expect((await done).id).toBe('1')
		const keys = fetched.mock.calls.map((c) => (c[1]!.headers as Record<string, string>)['Idempotency-Key'])
		expect(keys[0]).toBe(keys[1])
	})

	it('gives up after three tries and says so in words', async () => {
		fetched.mockRejectedValue(new TypeError('reset'))
		const done = new Client().get('/meta').catch((e: ApiError) => e)
		await vi.runAllTimersAsync()
		const error = await done as ApiError
		expect(fetched).toHaveBeenCalledTimes(3)
		expect(error.code).toBe('network')
		expect(error.message).toContain('连不上服务器')
	})

	it('keeps field errors and the current object of a conflict', async () => {
		fetched.mockResolvedValue(reply(409, {
			error: { code: 'version_conflict', message: '已被改过', request_id: 'r1' }, current: { id: '1', version: 4 },
		}))
		const error = await new Client().patch('/customer/1', {}).catch((e: ApiError) => e) as ApiError
		expect(error.code).toBe('version_conflict')
		expect(error.body.current).toEqual({ id: '1', version: 4 })
		expect(error.requestId).toBe('r1')
		fetched.mockResolvedValue(reply(422, { error: { code: 'field_invalid', message: '电话不对', field: 'phone' } }))
		const field = await new Client().post('/customer', {}).catch((e: ApiError) => e) as ApiError
		expect(field.messageOf('phone')).toBe('电话不对')
		expect(field.messageOf('name')).toBeUndefined()
	})

	it('does not repeat what the server refused, and understands a proxy page', async () => {
		fetched.mockResolvedValue(reply(429, '<html>', { 'Retry-After': '7' }))
		const error = await new Client().post('/my/code', {}).catch((e: ApiError) => e) as ApiError
		expect(fetched).toHaveBeenCalledTimes(1)
		expect(error.code).toBe('http_429')
		expect(error.message).toContain('7')
	})

	it('tells the app when the session is gone', async () => {
		const client = new Client()
		client.onUnauthorised = vi.fn()
		fetched.mockResolvedValue(reply(401, { error: { code: 'unauthorised', message: 'x' } }))
		await client.get('/session').catch(() => null)
		expect(client.onUnauthorised).toHaveBeenCalledOnce()
	})
})
