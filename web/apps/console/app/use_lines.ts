/* Lines that fit what is typed, and the one that is meant: arrows go round, Enter takes it. Whoever types on and presses Enter means what she has typed, not what still stands
   there, unless she has chosen that by an arrow: then it stays chosen while other lines come. Keys with which an input method puts a character together are not for the list. */
import { ref, shallowRef } from 'vue'
import { useAsked } from './use_asked'

export function useLines<T extends { id: string }>(pauseMs: number, find: () => Promise<T[]>, take: (line: T) => void, fail: (error: unknown) => void) {
	const lines = shallowRef<T[] | null>(null)
	const at = ref(0)
	let stale = true                         // what is shown was found by other words
	let meant = false                        // Enter came before the lines that she meant
	let moved = false                        // by an arrow, since she typed
	const { busy, now, later } = useAsked(pauseMs, find, (found) => {
		const takes = meant && found.length > 0
		const chosen = moved ? found.findIndex((one) => one.id === lines.value?.[at.value]?.id) : -1
		lines.value = found
		at.value = Math.max(0, chosen)
		moved = chosen >= 0
		stale = meant = false
		if (takes) take(found[0])
	}, (error) => { meant = false; fail(error) })

	function typed(): void {
		stale = true
		meant = moved = false
		later(lines.value === null ? 0 : pauseMs)
	}
	function go(by: number, n: number): void {
		at.value = (at.value + by) % n
		moved = true
	}
	/* True: the key was meant for the list. */
	function key(e: KeyboardEvent, tabTakes = false): boolean {
		if (e.isComposing) return false
		const n = lines.value?.length ?? 0
		const takes = (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) || (tabTakes && e.key === 'Tab')
		if (takes && stale && !moved) { meant = true; void now() }
		else if (!n) return false
		else if (e.key === 'ArrowDown') go(1, n)
		else if (e.key === 'ArrowUp') go(n - 1, n)
		else if (takes) take(lines.value![at.value])
		else return false
		return true
	}
	return { lines, at, busy, now, typed, key }
}
