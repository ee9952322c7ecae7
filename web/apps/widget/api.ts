/* Calls of the chat: JSON to /api/v1/visit with the visitor's token, which no other page's browser adds. Nothing of it needs a cookie. */
import type { Config, Conversation, Message, Unsent } from './contract'
import type { Lang } from './words'

const PART = 512 * 1024

/* status 0: not reached. */
export class Refused extends Error {
	readonly status: number
	readonly code: string
	readonly fields: string[]
	readonly wait: number

	constructor(status: number, code = '', message = '', fields: string[] = [], wait = 0) {
		super(message)
		this.status = status
		this.code = code
		this.fields = fields
		this.wait = wait
	}
}
interface Fault { error?: { code: string; message: string; arg?: string; fields?: { field: string; message: string }[] }; offset?: number }

export class Api {
	token = ''
	private readonly base: string
	private readonly lang: Lang

	constructor(server: string, lang: Lang) {
		this.base = `${server}/api/v1/visit`
		this.lang = lang
	}

	private async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
		const raw = body instanceof Blob
		const all: Record<string, string> = { 'Accept-Language': this.lang === 'zh' ? 'zh-CN' : 'en', ...headers }
		if (this.token) all.Authorization = `Bearer ${this.token}`
		if (body !== undefined) all['Content-Type'] = raw ? 'application/octet-stream' : 'application/json'
		try {
			return await fetch(this.base + path, { method, headers: all, body: raw ? body : body === undefined ? undefined : JSON.stringify(body), credentials: 'omit', cache: 'no-store' })
		} catch {
			throw new Refused(0)
		}
	}

	private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await this.send(method, path, body)
		if (answer.ok) return await answer.json() as T
		const { error } = await answer.json().catch(() => ({})) as Fault
		throw new Refused(answer.status, error?.code, error?.fields?.[0]?.message ?? error?.message, error?.fields?.map((f) => f.field), Number(answer.headers.get('Retry-After') ?? 0))
	}

	hello(company: string) { return this.call<Config>('GET', `/hello${company ? `?tenant=${encodeURIComponent(company)}` : ''}`) }
	conversations() { return this.call<{ verified: boolean; items: Conversation[] }>('GET', '/conversation') }
	messages(id: string, after: number) { return this.call<{ items: Message[]; more: boolean }>('GET', `/conversation/${id}/message?after=${after}`) }
	say(one: Unsent) {
		const body = { text: one.text, external_id: one.external_id, ...(one.files.length ? { file_ids: one.files.map((f) => f.id) } : {}), ...one.said }
		return this.call<{ no: number; conversation: Conversation }>('POST', '/message', body)
	}
	read(id: string, no: number) { return this.call<Conversation>('POST', `/conversation/${id}/read`, { no }) }
	rate(id: string, rating: number, words: string) { return this.call<Conversation>('POST', `/conversation/${id}/rating`, { rating, text: words }) }
	end(id: string) { return this.call<Conversation>('POST', `/conversation/${id}/close`, {}) }
	sendCode(phone: string) { return this.call<{ wait_s: number }>('POST', '/code', { phone }) }
	prove(phone: string, code: string) { return this.call<{ right: boolean; name: string | null; token: string | null }>('POST', '/proof', { phone, code }) }

	async socketAddress(): Promise<string> {
		const { pass } = await this.call<{ pass: string }>('GET', '/pass')
		return `${this.base.replace(/^http/, 'ws')}/stream?pass=${encodeURIComponent(pass)}`
	}

	async file(id: string, form: 'content' | 'thumbnail'): Promise<Blob> {
		const answer = await this.send('GET', `/file/${id}/${form}`)
		if (!answer.ok) throw new Refused(answer.status)
		return answer.blob()
	}

	/* In parts; where the server has another offset than we think, its answer is the truth. */
	async upload(file: File, onProgress: (share: number) => void): Promise<string> {
		const { id } = await this.call<{ id: string }>('POST', '/file', { name: file.name.slice(-200) || 'file', size: file.size })
		for (let at = 0; at < file.size;) {
			const answer = await this.send('PATCH', `/file/${id}`, file.slice(at, at + PART), { 'Upload-Offset': String(at) })
			const said = await answer.json().catch(() => ({})) as Fault
			if (!answer.ok && (answer.status !== 409 || said.offset === undefined)) throw new Refused(answer.status, said.error?.code, said.error?.message)
			at = said.offset ?? file.size
			onProgress(at / file.size)
		}
		return id
	}
}
