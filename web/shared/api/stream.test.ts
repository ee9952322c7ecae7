/* The live line over a socket of the test: subscribing, resuming from a number, being behind, coming back. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { belongs, Stream, type Socket } from './stream'
import type { Client } from './client'
import type { StreamEvent } from './types'

class FakeSocket implements Socket {
	sent: Record<string, unknown>[] = []
	closed = false
	onopen: ((e: unknown) => void) | null = null
	onmessage: ((e: { data: unknown }) => void) | null = null
	onclose: ((e: unknown) => void) | null = null
	send(text: string) { this.sent.push(JSON.parse(text)) }
	close() { this.closed = true }
	give(message: unknown) { this.onmessage?.({ data: JSON.stringify(message) }) }
	cut() { this.onclose?.({}) }
}

const event = (no: number, id = '7'): StreamEvent & { op: 'event' } =>
	({ op: 'event', no, kind: 'ticket.changed', object: 'ticket', id, at: 1 })

describe('stream', () => {
	let sockets: FakeSocket[]
	let get: ReturnType<typeof vi.fn>
	let stream: Stream
	const socket = () => sockets[sockets.length - 1]

	beforeEach(() => {
		vi.useFakeTimers()
		sockets = []
		get = vi.fn()
		stream = new Stream({
			client: { get } as unknown as Client,
			open: () => { const s = new FakeSocket(); sockets.push(s); return s },
			random: () => 1,
		})
	})
	afterEach(() => { stream.stop(); vi.useRealTimers() })

	function online(no = 10) {
		stream.start()
		socket().onopen?.({})
		socket().give({ op: 'hello', no })
	}

	it('matches an object and a view of objects', () => {
		expect(belongs('ticket:7', event(1))).toBe(true)
		expect(belongs('ticket:8', event(1))).toBe(false)
		expect(belongs('view:ticket', event(1))).toBe(true)
		expect(belongs('view:customer', event(1))).toBe(false)
	})

	it('hands each event over once and in order', () => {
		const seen: number[] = []
		stream.subscribe('ticket:7', (e) => seen.push(e.no))
		online()
		for (const no of [11, 12, 12, 11, 13]) socket().give(event(no))
		expect(seen).toEqual([11, 12, 13])
	})

	it('resumes from the last number after a cut', async () => {
		const seen: number[] = []
		stream.subscribe('ticket:7', (e) => seen.push(e.no))
		online()
		socket().give(event(11))
		socket().cut()
		expect(stream.state).toBe('lost')
		await vi.advanceTimersByTimeAsync(500)
		socket().onopen?.({})
		expect(socket().sent[0]).toEqual({ op: 'subscribe', topics: ['ticket:7'], since: 11 })
		socket().give(event(11))
		socket().give(event(12))
		expect(seen).toEqual([11, 12])
	})

	it('waits longer each time, then starts anew once greeted', async () => {
		online()
		for (const wait of [500, 1000, 2000]) {
			const before = sockets.length
			socket().cut()
			await vi.advanceTimersByTimeAsync(wait - 1)
			expect(sockets.length).toBe(before)
			await vi.advanceTimersByTimeAsync(1)
			expect(sockets.length).toBe(before + 1)
		}
		socket().onopen?.({})
		socket().give({ op: 'hello', no: 10 })
		const before = sockets.length
		socket().cut()
		await vi.advanceTimersByTimeAsync(500)
		expect(sockets.length).toBe(before + 1)
	})

	it('reads what it missed when behind, and keeps live events until then', async () => {
		const seen: number[] = []
		stream.subscribe('view:ticket', (e) => seen.push(e.no))
		online()
		socket().give(event(11))
		get.mockResolvedValueOnce({ items: [event(12), event(13)], more: true })
			.mockResolvedValueOnce({ items: [event(14)], more: false })
		socket().give({ op: 'behind', no: 14 })
		socket().give(event(15))
		expect(seen).toEqual([11])
		await vi.runAllTimersAsync()
		expect(get.mock.calls.map((c) => c[1])).toEqual([{ since: 11 }, { since: 13 }])
		expect(seen).toEqual([11, 12, 13, 14, 15])
	})

	it('announces a gap that it cannot close', async () => {
		const gap = vi.fn()
		stream.subscribe('view:ticket', () => {}, { onGap: gap })
		online()
		get.mockRejectedValue(new Error('410'))
		socket().give({ op: 'behind', no: 900 })
		socket().give(event(901))
		await vi.runAllTimersAsync()
		expect(gap).toHaveBeenCalledOnce()
		expect(stream.last).toBe(901)
	})

	it('subscribes while on line, and unsubscribes with the last listener', () => {
		online()
		const first = stream.subscribe('ticket:7', () => {})
		const second = stream.subscribe('ticket:7', () => {})
		first()
		second()
		expect(socket().sent.slice(1)).toEqual([
			{ op: 'subscribe', topics: ['ticket:7'] }, { op: 'unsubscribe', topics: ['ticket:7'] },
		])
	})

	it('passes signals to the topic only', () => {
		const a = vi.fn()
		const b = vi.fn()
		stream.subscribe('ticket:7', () => {}, { onSignal: a })
		stream.subscribe('ticket:8', () => {}, { onSignal: b })
		online()
		stream.signal('ticket:7', 'looking')
		expect(socket().sent.at(-1)).toEqual({ op: 'signal', topic: 'ticket:7', what: 'looking' })
		socket().give({ op: 'signal', topic: 'ticket:7', what: 'typing', user: { id: '2', name: '周敏' } })
		expect(a).toHaveBeenCalledOnce()
		expect(b).not.toHaveBeenCalled()
	})

	it('ignores a late message of a dropped socket', () => {
		const seen: number[] = []
		stream.subscribe('ticket:7', (e) => seen.push(e.no))
		online()
		const old = socket()
		stream.stop()
		old.give(event(11))
		expect(seen).toEqual([])
		expect(old.closed).toBe(true)
	})
})
