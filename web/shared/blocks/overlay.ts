/*
 * What drawers, dialogs and menus share: a stack so that Esc closes the topmost, focus taken on opening and given
 * back on closing, and for dialogs a trap.
 */
import { nextTick, onBeforeUnmount, watch, type Ref } from 'vue'

interface Layer { close: () => void }
const stack: Layer[] = []

const reachable = 'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex]:not([tabindex="-1"])'

export function focusables(root: HTMLElement): HTMLElement[] {
	return [...root.querySelectorAll<HTMLElement>(reachable)].filter((el) => el.offsetParent !== null || el === document.activeElement)
}

/* True when a layer was open and took the key. */
export function closeTopmost(): boolean {
	const top = stack[stack.length - 1]
	top?.close()
	return Boolean(top)
}

if (typeof document !== 'undefined') {
	document.addEventListener('keydown', (e) => {
		if (e.key === 'Escape' && !e.isComposing && closeTopmost()) { e.preventDefault(); e.stopPropagation() }
	}, true)
}

/* Ties a panel to the stack while `open()` holds. Focus goes to what is marked autofocus, else to `first`. Menus and questions lie over the page:
   Tab stays in them, for what is below cannot be seen. A pane stands beside the page, and Tab goes on. */
export function useLayer(open: () => boolean, panel: Ref<HTMLElement | null>, close: () => void, first: 'control' | 'panel' = 'control'): void {
	const layer: Layer = { close }
	let before: HTMLElement | null = null
	const leave = () => {
		const at = stack.indexOf(layer)
		if (at < 0) return
		stack.splice(at, 1)
		/* Only from inside: who has gone on elsewhere, or was never taken away (a bar has no panel), stays there. */
		const now = document.activeElement
		if (before?.isConnected && (now === document.body || panel.value?.contains(now))) before.focus()
	}
	watch(open, async (now) => {
		if (!now) return leave()
		before = document.activeElement as HTMLElement | null
		stack.push(layer)
		await nextTick()
		const root = panel.value
		if (!root) return
		const marked = root.querySelector<HTMLElement>('[autofocus]')
		if (first === 'control') root.addEventListener('keydown', (e) => trapTab(e, root))
		const target = marked ?? (first === 'control' ? focusables(root)[0] : root)
		;(target ?? root).focus()
	}, { immediate: true })
	onBeforeUnmount(leave)
}

function trapTab(e: KeyboardEvent, panel: HTMLElement): void {
	if (e.key !== 'Tab') return
	const all = focusables(panel)
	if (!all.length) return e.preventDefault()
	const [first, last] = [all[0], all[all.length - 1]]
	if (e.shiftKey && (document.activeElement === first || document.activeElement === panel)) { e.preventDefault(); last.focus() }
	else if (!e.shiftKey && document.activeElement === last) { e.preventDefault(); first.focus() }
}
