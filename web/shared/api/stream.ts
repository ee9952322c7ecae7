/*
 * The live line: one WebSocket that resumes by the last event number. Promises: every event of a subscribed topic
 * is handed over once and in order, over cut lines and after being marked behind; what cannot be caught up is
 * announced by `onGap`, and the page reads again. Signals (who looks, who types) are not durable and may be lost.
 */
import type { Client } from './client'
import type { Signal, StreamEvent } from './types'

type Message =
	| { op: 'hello'; no: number }
	| ({ op: 'event' } & StreamEvent)
	| { op: 'behind'; no: number }
	| ({ op: 'signal' } & Signal)
	| { op: 'refused'; topic: string }

/* The part of WebSocket that is used; tests bring their own. */
export interface Socket {
	send(text: string): void
	close(): void
	onopen: ((e: unknown) => void) | null
	onmessage: ((e: { data: unknown }) => void) | null
	onclose: ((e: unknown) => void) | null
}

export interface StreamOptions {
	client: Client
	path?: string
	/* Where missed events are read; null when this side has no such list (then a gap is announced). */
	eventPath?: string | null
	open?: (url: string) => Socket
	random?: () => number
}

export type LineState = 'off' | 'connecting' | 'on' | 'lost'
type EventHandler = (event: StreamEvent) => void

interface Subscription { topic: string; onEvent: EventHandler; onGap?: () => void; onSignal?: (s: Signal) => void }

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/* More missed pages than this and reading the objects again is cheaper. */
const MOST_PAGES = 10

/* `ticket:7` is one object, `view:ticket` every object of a kind that the person may see. */
export function belongs(topic: string, event: StreamEvent): boolean {
	const [head, tail] = [topic.slice(0, topic.indexOf(':')), topic.slice(topic.indexOf(':') + 1)]
	return head === 'view' ? event.object === tail : event.object === head && event.id === tail
}

export class Stream {
	state: LineState = 'off'
	onState: ((state: LineState) => void) | null = null
	/* Number of the last event handed over. */
	last: number | null = null
	private readonly options: StreamOptions
	private readonly subscriptions = new Set<Subscription>()
	private socket: Socket | null = null
	private attempt = 0
	private timer: ReturnType<typeof setTimeout> | null = null
	/* While missed events are read, live ones wait here so that order holds. */
	private waiting: StreamEvent[] | null = null
	private run = 0

	constructor(options: StreamOptions) {
		this.options = options
	}

	start(): void {
		if (this.state !== 'off') return
		addEventListener('online', this.hurry)
		this.connect()
	}

	stop(): void {
		removeEventListener('online', this.hurry)
		if (this.timer) clearTimeout(this.timer)
		this.timer = null
		this.drop()
		this.setState('off')
	}

	/* Returns the function that ends the subscription. */
	subscribe(topic: string, onEvent: EventHandler, more: Pick<Subscription, 'onGap' | 'onSignal'> = {}): () => void {
		const known = this.has(topic)
		const subscription: Subscription = { topic, onEvent, ...more }
		this.subscriptions.add(subscription)
		if (!known) this.write({ op: 'subscribe', topics: [topic] })
		return () => {
			if (!this.subscriptions.delete(subscription)) return
			if (!this.has(topic)) this.write({ op: 'unsubscribe', topics: [topic] })
		}
	}

	signal(topic: string, what: Signal['what']): void {
		this.write({ op: 'signal', topic, what })
	}

	private has(topic: string): boolean {
		return [...this.subscriptions].some((s) => s.topic === topic)
	}

	private write(message: Record<string, unknown>): void {
		if (this.state === 'on') this.socket?.send(JSON.stringify(message))
	}

	private setState(state: LineState): void {
		if (this.state === state) return
		this.state = state
		this.onState?.(state)
	}

	private url(): string {
		const path = this.options.path ?? '/api/v1/stream'
		return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`
	}

	private connect(): void {
		this.timer = null
		this.setState(this.attempt ? 'lost' : 'connecting')
		const open = this.options.open ?? ((url: string) => new WebSocket(url) as unknown as Socket)
		const socket = open(this.url())
		this.socket = socket
		socket.onopen = () => this.opened(socket)
		socket.onmessage = (e) => { if (socket === this.socket) this.take(JSON.parse(String(e.data)) as Message) }
		socket.onclose = () => { if (socket === this.socket) this.closed() }
	}

	private opened(socket: Socket): void {
		if (socket !== this.socket) return
		this.setState('on')
		const topics = [...new Set([...this.subscriptions].map((s) => s.topic))]
		this.write({ op: 'subscribe', topics, ...(this.last === null ? {} : { since: this.last }) })
	}

	private closed(): void {
		this.drop()
		this.setState('lost')
		const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempt++)
		/* Half fixed, half random: a restarted server is not met by everyone at once. */
		this.timer = setTimeout(() => this.connect(), longest * (0.5 + 0.5 * (this.options.random ?? Math.random)()))
	}

	private drop(): void {
		const socket = this.socket
		this.socket = null
		this.waiting = null
		this.run++
		if (!socket) return
		socket.onclose = null
		socket.close()
	}

	private readonly hurry = (): void => {
		if (!this.timer) return
		clearTimeout(this.timer)
		this.connect()
	}

	private take(message: Message): void {
		switch (message.op) {
		case 'hello':
			this.attempt = 0
			this.last ??= message.no
			break
		case 'event':
			if (this.waiting) this.waiting.push(message)
			else this.hand(message)
			break
		case 'behind':
			void this.catchUp()
			break
		case 'signal':
			for (const s of this.subscriptions) if (s.topic === message.topic) s.onSignal?.(message)
			break
		}
	}

	private hand(event: StreamEvent): void {
		if (this.last !== null && event.no <= this.last) return
		this.last = event.no
		for (const s of [...this.subscriptions]) if (belongs(s.topic, event)) s.onEvent(event)
	}

	private gap(): void {
		for (const s of [...this.subscriptions]) s.onGap?.()
	}

	private async catchUp(): Promise<void> {
		if (this.waiting) return
		const path = this.options.eventPath === undefined ? '/event' : this.options.eventPath
		const run = this.run
		this.waiting = []
		let complete = false
		try {
			for (let pages = 0; path && !complete && pages < MOST_PAGES; pages++) {
				const page = await this.options.client.get<{ items: StreamEvent[]; more?: boolean; next?: string | null }>(
					path, { since: this.last ?? 0 })
				if (run !== this.run) return
				for (const event of page.items) this.hand(event)
				complete = page.items.length === 0 || !(page.more ?? page.next)
			}
		} catch { /* announced as a gap below; the line itself decides about reconnecting */ }
		if (run !== this.run) return
		const held = this.waiting ?? []
		this.waiting = null
		if (!complete) {
			this.last = held.length ? held[held.length - 1].no : this.last
			this.gap()
			return
		}
		for (const event of held) this.hand(event)
	}
}
