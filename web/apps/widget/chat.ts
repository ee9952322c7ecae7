/*
 * A visitor's talk: messages by their numbers, asked for from the last one on whenever something came, so none is missing and none is there twice.
 * What she writes is kept in the browser until the server has it.
 */
import { Api, Refused } from './api'
import type { Config, Conversation, Message, Said, Unsent } from './contract'
import { keeper, newName } from './keep'
import { Line } from './line'

const AGAIN_MS = 4000
const TYPING_MS = 2000
const TYPED_MS = 5000
const PLACE_MS = 10_000

export interface Part { conversation: Conversation; messages: Message[] }

export class Chat {
	parts: Part[] = []              /* shown, oldest first; the last is the one that goes on */
	older: Conversation[] = []      /* not shown yet, newest first */
	unsent: Unsent[] = []
	verified = false
	cut = false                     /* the line is lost */
	typer: string | null = null
	trouble = false
	onChange: () => void = () => undefined
	looked: () => boolean = () => false     /* whether she sees what is shown */
	readonly api: Api
	readonly config: Config
	private readonly kept
	private readonly line: Line
	private reading: Promise<void> | null = null
	private again = false
	private sending = false
	private retry = 0
	private place = 0
	private typed = 0
	private typedAt = 0
	private readonly skew: number

	constructor(api: Api, config: Config, kept: ReturnType<typeof keeper>) {
		this.api = api
		this.config = config
		this.kept = kept
		this.skew = config.now - Date.now()
		this.unsent = kept.get().unsent
		this.line = new Line(api, {
			heard: () => void this.load(),
			line: (on) => { this.cut = !on; if (on) void this.flush(); this.onChange() },
			typed: (name) => this.take(name),
		})
	}

	get current(): Part | undefined { return this.parts.at(-1) }
	get now(): number { return Date.now() + this.skew }
	get said(): Said { return this.kept.get().said ?? {} }
	get unread(): number { const k = this.current?.conversation; return k ? Math.max(0, k.last_no - k.customer_no) : 0 }
	/* Nothing was said yet: the first words make her known. */
	get isNew(): boolean { return !this.parts.length && !this.unsent.length }

	async start(): Promise<void> {
		if (!this.kept.get().token) return this.onChange()
		this.api.token = this.kept.get().token
		await this.load()
		await this.flush()
	}
	stop(): void {
		this.line.stop()
		clearTimeout(this.retry)
		clearTimeout(this.place)
	}

	/* The token is kept with the first thing that is sent: who only looks leaves no trace in the browser. */
	private keepToken(): void {
		if (!this.kept.get().token) this.kept.put({ token: this.config.token })
		this.api.token = this.kept.get().token
	}
	private takeToken(token: string): void {
		this.kept.put({ token, begun: true })
		this.api.token = token
		this.parts = []
		this.line.stop()
	}

	private put(conversation: Conversation): Part {
		const known = this.parts.find((p) => p.conversation.id === conversation.id)
		if (known) {
			known.conversation = conversation
			return known
		}
		const part = { conversation, messages: [] }
		this.parts.push(part)
		return part
	}
	private async readOn(part: Part): Promise<void> {
		for (let more = true; more;) {
			const last = part.messages.at(-1)?.no ?? 0
			const page = await this.api.messages(part.conversation.id, last)
			part.messages.push(...page.items.filter((m) => m.no > last))
			more = page.more && page.items.length > 0
		}
	}
	private async readAll(): Promise<void> {
		const all = await this.api.conversations()
		this.verified = all.verified
		const newest = all.items[0]
		if (newest) {
			for (const p of this.parts) p.conversation = all.items.find((k) => k.id === p.conversation.id) ?? p.conversation
			await this.readOn(this.put(newest))
			this.older = all.items.filter((k) => !this.parts.some((p) => p.conversation.id === k.id))
			if (newest.state === 'closed') this.rest()
			else this.line.follow(newest.id)
		}
		this.trouble = false
		await this.mark()
	}
	/* Nothing comes any more where it has ended. */
	private rest(): void {
		this.line.stop()
		this.cut = false
	}
	/* One reading at a time; what is heard meanwhile is asked for afterwards. */
	async load(): Promise<void> {
		if (this.reading) {
			this.again = true
			return this.reading
		}
		this.reading = this.readAll().catch((e: unknown) => this.failed(e)).finally(() => { this.reading = null })
		await this.reading
		this.watchPlace()
		this.onChange()
		if (this.again) {
			this.again = false
			await this.load()
		}
	}
	/* Others leave the line before her, and nothing of hers tells of it. */
	private watchPlace(): void {
		clearTimeout(this.place)
		const k = this.current?.conversation
		if (k?.state === 'waiting' && k.queue) this.place = window.setTimeout(() => void this.load(), PLACE_MS)
	}
	private failed(e: unknown): void {
		if (e instanceof Refused && e.status === 401) {        /* the old token is over: she begins anew */
			this.kept.put({ token: '', begun: false })
			this.api.token = ''
			this.parts = []
			this.line.stop()
			return
		}
		this.trouble = !this.parts.length
		clearTimeout(this.retry)
		this.retry = window.setTimeout(() => void this.load().then(() => this.flush()), AGAIN_MS)
	}
	async showOlder(): Promise<void> {
		const next = this.older.shift()
		if (!next) return
		const part: Part = { conversation: next, messages: [] }
		await this.readOn(part)
		this.parts.unshift(part)
		this.onChange()
	}

	/* She has it before her. */
	async mark(): Promise<void> {
		const part = this.current
		const last = part?.messages.at(-1)?.no ?? 0
		if (!part || !this.looked() || last <= part.conversation.customer_no) return
		part.conversation = await this.api.read(part.conversation.id, last)
		this.onChange()
	}

	async send(text: string, files: Unsent['files'], said: Said): Promise<void> {
		this.keepToken()
		this.unsent = [...this.unsent, { external_id: newName(), text, at: this.now, files, said: this.parts.length ? undefined : said }]
		this.kept.put({ unsent: this.unsent, said })
		this.onChange()
		await this.flush()
	}
	drop(one: Unsent): void {
		this.unsent = this.unsent.filter((x) => x.external_id !== one.external_id)
		this.kept.put({ unsent: this.unsent })
		this.onChange()
	}
	tryAgain(one: Unsent): void {
		this.unsent = this.unsent.map((x) => (x.external_id === one.external_id ? { ...x, refused: undefined } : x))
		void this.flush()
	}
	/* In the order in which they were written. */
	async flush(): Promise<void> {
		if (this.sending) return
		this.sending = true
		clearTimeout(this.retry)
		let one: Unsent | undefined
		try {
			while ((one = this.unsent.find((x) => !x.refused))) {
				this.keepToken()
				const { conversation } = await this.api.say(one)
				this.put(conversation)
				const said = one
				this.unsent = this.unsent.filter((x) => x.external_id !== said.external_id)
				this.kept.put({ begun: true, unsent: this.unsent })
				await this.load()
			}
		} catch (e) {
			this.refuse(one!, e instanceof Refused ? e : new Refused(0))
		} finally {
			this.sending = false
			this.onChange()
		}
	}
	private refuse(one: Unsent, e: Refused): void {
		if (e.status === 401) {
			this.kept.put({ token: '', begun: false })
			this.retry = window.setTimeout(() => void this.flush(), AGAIN_MS)
		} else if (e.status === 0 || e.status === 429 || e.status >= 500) {
			this.retry = window.setTimeout(() => void this.flush(), Math.max(AGAIN_MS, e.wait * 1000))
		} else {
			this.unsent = this.unsent.map((x) => (x.external_id === one.external_id ? { ...x, refused: e.message } : x))
			this.kept.put({ unsent: this.unsent })
		}
	}
	upload(file: File, onProgress: (share: number) => void): Promise<string> {
		this.keepToken()
		return this.api.upload(file, onProgress)
	}

	async end(): Promise<void> {
		if (this.current) this.current.conversation = await this.api.end(this.current.conversation.id)
		this.onChange()
	}
	async rate(rating: number, words: string): Promise<void> {
		if (this.current) this.current.conversation = await this.api.rate(this.current.conversation.id, rating, words)
		this.onChange()
	}
	async sendCode(phone: string): Promise<number> {
		this.keepToken()
		return (await this.api.sendCode(phone)).wait_s
	}
	/* Her name, or null for a wrong code. */
	async prove(phone: string, code: string): Promise<string | null> {
		const answer = await this.api.prove(phone, code)
		if (!answer.right) return null
		if (answer.token) this.takeToken(answer.token)
		await this.load()
		return answer.name ?? ''
	}

	typing(): void {
		if (Date.now() - this.typedAt < TYPING_MS) return
		this.typedAt = Date.now()
		this.line.typing()
	}
	private take(name: string): void {
		this.typer = name
		clearTimeout(this.typed)
		this.typed = window.setTimeout(() => { this.typer = null; this.onChange() }, TYPED_MS)
		this.onChange()
	}
}
