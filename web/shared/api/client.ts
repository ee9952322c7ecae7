/*
 * The only way from a page to the server. Adds language and Idempotency-Key, maps errors, and repeats a request
 * whose answer was lost: with the same key the server gives the first answer, so nothing happens twice.
 */
import { lang } from '../i18n'
import { errorOf, noAnswer, type ApiError } from './error'
import type { Calls } from './generated'
import type { Condition, Item, Page } from './types'

export interface Options {
	/* A form keeps its key over the person's own retries. */
	key?: string
	signal?: AbortSignal
	timeoutMs?: number
	headers?: Record<string, string>
}

/* What a call takes, as the server describes it: parts of the path, query, body; those it has not are left out. */
type Call = keyof Calls
type Given<T> = { [K in keyof T as T[K] extends undefined ? never : K]: T[K] }
export type Input<K extends Call> = Given<Pick<Calls[K], 'path' | 'query' | 'body'>>
type Answer<K extends Call, R> = unknown extends Calls[K]['reply'] ? R : Calls[K]['reply']

export interface ListQuery {
	filter?: Condition[]
	sort?: string
	limit?: number
	after?: string
	before?: string
	q?: string
	total?: boolean
	[extra: string]: unknown
}

/* crypto.randomUUID exists only on https and localhost; a phone in the shop's network has neither. */
export function newKey(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16))
	return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
}

export function queryText(query: Record<string, unknown>): string {
	const out = new URLSearchParams()
	for (const [name, value] of Object.entries(query)) {
		if (value === undefined || value === null || value === '' || value === false) continue
		if (Array.isArray(value)) { if (value.length) out.set(name, JSON.stringify(value)) }
		else out.set(name, value === true ? '1' : String(value))
	}
	const text = out.toString()
	return text ? `?${text}` : ''
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

export class Client {
	/* Called once per lost session, so that the app can go to its log-in page. */
	onUnauthorised: (() => void) | null = null
	private readonly base: string

	constructor(base = '/api/v1') {
		this.base = base
	}

	/* A call of the API by its name in the server's description: path, input and answer are checked by the compiler.
	   R names the answer where the server writes it freely. */
	call<K extends Call, R = unknown>(name: K, input: Input<K>, options: Options = {}): Promise<Answer<K, R>> {
		const [method, template] = name.split(' ') as [string, string]
		const { path = {}, query = {}, body } = input as { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }
		const filled = template.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(path[part]))
		return this.send(method, filled + queryText(query), method === 'GET' || method === 'DELETE' ? undefined : body ?? {}, options)
	}

	/* The same by address, for records that only meta names. */
	get<T>(path: string, query: Record<string, unknown> = {}, options: Options = {}): Promise<T> {
		return this.send<T>('GET', path + queryText(query), undefined, options)
	}

	post<T>(path: string, body: unknown = {}, options: Options = {}): Promise<T> {
		return this.send<T>('POST', path, body, options)
	}

	patch<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
		return this.send<T>('PATCH', path, body, options)
	}

	remove<T>(path: string, options: Options = {}): Promise<T> {
		return this.send<T>('DELETE', path, undefined, options)
	}

	/* Generic records. */
	list<T = Item>(record: string, query: ListQuery = {}, options: Options = {}): Promise<Page<T>> {
		return this.get<Page<T>>(`/${record}`, query, options)
	}

	one<T = Item>(record: string, id: string, options: Options = {}): Promise<T> {
		return this.get<T>(`/${record}/${encodeURIComponent(id)}`, {}, options)
	}

	/* Address of something the browser itself loads: an export, a file, a QR picture. */
	url(path: string, query: Record<string, unknown> = {}): string {
		return this.base + path + queryText(query)
	}

	/* What a file holds, for what the page itself plays or draws. */
	async content(path: string): Promise<Blob> {
		const reply = await fetch(this.base + path, { credentials: 'same-origin' }).catch(() => { throw noAnswer('network') })
		if (!reply.ok) throw await errorOf(reply)
		return reply.blob()
	}

	private async send<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
		const headers: Record<string, string> = { 'Accept-Language': lang.value, Accept: 'application/json', ...options.headers }
		const raw = body instanceof Blob
		if (body !== undefined && !raw) headers['Content-Type'] = 'application/json'
		if (method !== 'GET') headers['Idempotency-Key'] = options.key ?? newKey()
		const init: RequestInit = {
			method, headers, credentials: 'same-origin',
			body: body === undefined ? undefined : raw ? body as Blob : JSON.stringify(body),
		}
		/* Three tries when no answer came; the key makes the repetition safe. Uploads resume by themselves. */
		const tries = raw ? 1 : 3
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.once<T>(path, init, options)
			} catch (error) {
				const failed = error as ApiError
				if (!failed.temporary || attempt === tries || options.signal?.aborted) throw error
				await wait(300 * attempt ** 2)
			}
		}
	}

	private async once<T>(path: string, init: RequestInit, options: Options): Promise<T> {
		/* By hand: AbortSignal.any and .timeout are missing in browsers that customers still carry. */
		const stop = new AbortController()
		let late = false
		const timer = setTimeout(() => { late = true; stop.abort() }, options.timeoutMs ?? 30_000)
		const pass = () => stop.abort()
		options.signal?.addEventListener('abort', pass)
		let reply: Response
		try {
			reply = await fetch(this.base + path, { ...init, signal: stop.signal })
		} catch (error) {
			if (options.signal?.aborted) throw error
			throw noAnswer(late ? 'timeout' : 'network')
		} finally {
			clearTimeout(timer)
			options.signal?.removeEventListener('abort', pass)
		}
		if (reply.ok) return (reply.status === 204 ? undefined : await reply.json()) as T
		const failed = await errorOf(reply)
		if (reply.status === 401) this.onUnauthorised?.()
		throw failed
	}
}
