/* A voice message while it is recorded, as a page shows it. Whoever leaves the page, even while the browser still asks, leaves the microphone off. */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { Recording } from './voice'

/* full: the longest time is over. */
export function useRecording(full: () => void) {
	const recording = shallowRef<Recording | null>(null)
	const seconds = ref(0)
	const refused = ref(false) // by the person, or by the browser
	let asking = false
	let over = false

	async function begin() {
		if (asking || recording.value) return
		asking = true
		refused.value = false
		seconds.value = 0
		try {
			const begun = await Recording.begin((s) => { seconds.value = s }, full)
			if (over) begun.cancel() // allowed after she had left
			else recording.value = begun
		} catch { refused.value = true } finally { asking = false }
	}
	/* Null: nothing was being recorded. */
	async function end(title: string): Promise<File | null> {
		const done = recording.value
		recording.value = null
		return done ? done.stop(title) : null
	}
	function cancel() {
		recording.value?.cancel()
		recording.value = null
	}
	onBeforeUnmount(() => { over = true; cancel() })
	return { recording, seconds, refused, begin, end, cancel }
}
