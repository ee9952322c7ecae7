/* Rows in an order of one's own: dragged, or moved by Alt with an arrow. */
import { nextTick, ref } from 'vue'

export function useOrder(count: () => number, place: (from: number, to: number) => void, focus: (at: number) => void) {
	const dragged = ref<number | null>(null)
	function move(from: number, to: number): void {
		if (from !== to && to >= 0 && to < count()) place(from, to)
	}
	async function shift(e: KeyboardEvent, at: number): Promise<void> {
		const to = at + (e.key === 'ArrowUp' ? -1 : 1)
		move(at, to)
		await nextTick()
		if (to >= 0 && to < count()) focus(to)
	}
	function start(e: DragEvent, at: number): void {
		dragged.value = at
		e.dataTransfer?.setData('text/plain', String(at))
	}
	function over(e: DragEvent): void {
		if (dragged.value !== null) e.preventDefault()
	}
	function drop(at: number): void {
		const from = dragged.value
		dragged.value = null
		if (from !== null) move(from, at)
	}
	return { dragged, move, shift, start, over, drop, end: () => { dragged.value = null } }
}

/* The same list with one of it elsewhere. */
export function placed<T>(list: T[], from: number, to: number): T[] {
	const next = [...list]
	next.splice(to, 0, ...next.splice(from, 1))
	return next
}
