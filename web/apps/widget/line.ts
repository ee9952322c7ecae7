/* The live line of the chat: says that something came, never what; the chat then asks for what lies above its last number. So a cut line costs
 * nothing but time. */
import type { Api } from './api'

const FIRST_MS = 500
const LONGEST_MS = 30_000

export interface Hearer {
	heard(): void
	typed(name: string): void
	line(on: boolean): void
}

export class Line {
	private socket: WebSocket | null = null
	private topic = ''
	private attempt = 0
	private timer = 0
	private stopped = true
	private readonly api: Api
	private readonly hearer: Hearer

	constructor(api: Api, hearer: Hearer) {
		this.api = api
		this.hearer = hearer
	}

	/* Listens to one conversation, in place of another. */
	follow(conversation: string): void {
		if (this.topic === `conversation:${conversation}` && !this.stopped) return
		this.topic = `conversation:${conversation}`
		this.stop()
		this.stopped = false
		addEventListener('online', this.hurry)
		void this.connect()
	}

	stop(): void {
		this.stopped = true
		removeEventListener('online', this.hurry)
		clearTimeout(this.timer)
		this.timer = 0
		const socket = this.socket
		this.socket = null
		socket?.close()
	}

	typing(): void {
		if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ op: 'signal', topic: this.topic, what: 'typing' }))
	}

	private readonly hurry = (): void => {
		if (!this.timer) return
		clearTimeout(this.timer)
		void this.connect()
	}

	private async connect(): Promise<void> {
		this.timer = 0
		try {
			const address = await this.api.socketAddress()
			if (this.stopped) return
			const socket = new WebSocket(address)
			this.socket = socket
			socket.onopen = () => {
				socket.send(JSON.stringify({ op: 'subscribe', topics: [this.topic] }))
				this.attempt = 0
				this.hearer.line(true)
				this.hearer.heard()
			}
			socket.onmessage = (e) => { if (socket === this.socket) this.take(JSON.parse(String(e.data)) as { op: string; what?: string; user?: { kind?: string; name?: string } }) }
			socket.onclose = () => { if (socket === this.socket) this.lost() }
		} catch { this.lost() }
	}

	private take(m: { op: string; what?: string; user?: { kind?: string; name?: string } }): void {
		if (m.op === 'signal') { if (m.what === 'typing') this.hearer.typed(m.user?.name ?? '') } else if (m.op !== 'hello') this.hearer.heard()
	}

	/* Half fixed, half random: a server that was restarted is not met by everybody at once. */
	private lost(): void {
		this.socket = null
		if (this.stopped) return
		this.hearer.line(false)
		const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.attempt++)
		this.timer = window.setTimeout(() => void this.connect(), wait * (0.5 + 0.5 * Math.random()))
	}
}
