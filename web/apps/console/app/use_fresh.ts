/*
 * What keeps a figure of the page true: something is heard on the stream, time passes, somebody comes back to the page.
 */
import { onBeforeUnmount } from 'vue'
import { stream } from './api'

/* Runs it once, so long after the first of several events: one action makes many, and what follows from them takes a moment. */
export function useHeard(topics: string[], run: () => void, afterMs: number): void {
	let timer: ReturnType<typeof setTimeout> | undefined
	const hear = () => { timer ??= setTimeout(() => { timer = undefined; run() }, afterMs) }
	const deaf = topics.map((topic) => stream.subscribe(topic, hear, { onGap: hear }))
	onBeforeUnmount(() => { clearTimeout(timer); deaf.forEach((stop) => stop()) })
}

/*
 * Reads at once, after what is heard, so often besides, and when somebody comes back to the page; a page that nobody sees does not read,
 * unless `asleep` says otherwise. What fails is read again the next time. Gives the way to read now.
 */
export function useFresh(read: () => Promise<void>, every: { everyMs: number; topics?: string[]; soonMs?: number; asleep?: () => boolean }): () => Promise<void> {
	const asleep = every.asleep ?? (() => document.hidden)
	let timer: ReturnType<typeof setTimeout> | undefined
	let over = false
	async function ask(): Promise<void> {
		if (!asleep()) try { await read() } catch { /* the next time */ }
		clearTimeout(timer)
		if (!over) timer = setTimeout(() => void ask(), every.everyMs)
	}
	const seen = () => { if (!document.hidden) void ask() }
	document.addEventListener('visibilitychange', seen)
	onBeforeUnmount(() => { over = true; clearTimeout(timer); document.removeEventListener('visibilitychange', seen) })
	useHeard(every.topics ?? [], () => void ask(), every.soonMs ?? 1000)
	void ask()
	return ask
}
