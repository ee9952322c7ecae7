/* Who writes at the other end, and saying that she writes. Signals may be lost, so a word of it holds for a few seconds only. */
import type { Stream } from '@shared/api/stream'
import type { Signal } from '@shared/api/types'
import { onBeforeUnmount, ref } from 'vue'

const SAY_MS = 2000
const HOLDS_MS = 4000

export function useTyping(stream: Stream) {
	const typer = ref<string | null>(null) // "": somebody without a name
	let said = 0
	let timer = 0

	function take(signal: Signal) {
		window.clearTimeout(timer)
		typer.value = signal.what === 'typing' ? signal.user?.name ?? '' : null
		if (typer.value !== null) timer = window.setTimeout(gone, HOLDS_MS)
	}
	function gone() {
		window.clearTimeout(timer)
		typer.value = null
	}
	function typing(conversation: string | undefined) {
		if (!conversation || Date.now() - said < SAY_MS) return
		said = Date.now()
		stream.signal(`conversation:${conversation}`, 'typing')
	}
	onBeforeUnmount(gone)
	return { typer, take, gone, typing }
}
