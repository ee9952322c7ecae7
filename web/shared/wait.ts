/*
 * A refusal that names its seconds ("again in 30 s"): counts them down by the clock, so a page that slept does not wait longer,
 * and is over when they are.
 */
import { computed, onBeforeUnmount, ref } from 'vue'

export function useWait() {
	const until = ref(0)
	const now = ref(0)
	let timer: ReturnType<typeof setInterval> | undefined
	const stop = () => clearInterval(timer)
	onBeforeUnmount(stop)

	function start(seconds: number) {
		stop()
		now.value = Date.now()
		until.value = now.value + seconds * 1000
		timer = setInterval(() => {
			now.value = Date.now()
			if (now.value >= until.value) stop()
		}, 1000)
	}
	const seconds = computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1000)))
	return { seconds, start }
}
