/*
 * Asks while somebody types: after a pause, and of several answers the one to the last question counts. Nothing comes to a page that is
 * gone. What fails is the caller's to say; without `fail` it is a courtesy that does not come.
 */
import { onBeforeUnmount, ref } from 'vue'

export function useAsked<T>(pauseMs: number, ask: () => Promise<T>, take: (answer: T) => void, fail: (error: unknown) => void = () => {}) {
	const busy = ref(false)
	let timer: ReturnType<typeof setTimeout> | undefined
	let run = 0

	/* What was asked or is to be asked is about something else by now. */
	function drop(): void {
		clearTimeout(timer)
		run++
		busy.value = false
	}
	async function now(): Promise<void> {
		drop()
		const mine = run
		busy.value = true
		try {
			const answer = await ask()
			if (mine === run) take(answer)
		} catch (error) { if (mine === run) fail(error) } finally { if (mine === run) busy.value = false }
	}
	function later(ms = pauseMs): void {
		drop()
		busy.value = true       /* nothing is known yet, though nobody was asked */
		timer = setTimeout(() => void now(), ms)
	}
	onBeforeUnmount(drop)
	return { busy, now, later, drop }
}
