/*
 * Runs commands from the keyboard. A page says which commands it serves while it is shown; the latest page wins.
 * Single keys rest while someone types; combinations with Ctrl or Alt and F keys do not. Behind a question all rest.
 */
import { onBeforeUnmount } from 'vue'
import { capsOf, commands, comboOf, keysOf, readOverrides, type Overrides } from './keymap'

type Handlers = Partial<Record<string, (e: KeyboardEvent) => void>>

const layers: Handlers[] = []
let overrides: Overrides = readOverrides()
let first: string | null = null
let firstAt = 0
const SEQUENCE_MS = 1200

export function reloadKeys(): void {
	overrides = readOverrides()
}

/* True where a single key would be text. */
export function typing(target: EventTarget | null): boolean {
	const el = target as HTMLElement | null
	if (!el?.tagName) return false
	if (el.tagName === 'TEXTAREA' || el.tagName === 'SELECT' || el.isContentEditable) return true
	return el.tagName === 'INPUT' && !['checkbox', 'radio', 'button'].includes((el as HTMLInputElement).type)
}

function handlerOf(combo: string): ((e: KeyboardEvent) => void) | undefined {
	const names = commands.filter((c) => !c.fixed && !c.text && keysOf(c, overrides) === combo).map((c) => c.name)
	for (let i = layers.length - 1; i >= 0; i--)
		for (const name of names) if (layers[i][name]) return layers[i][name]
	return undefined
}

const named = (name: string) => commands.find((c) => c.name === name)!
/* For keys that a box serves itself. */
export const isKey = (name: string, e: KeyboardEvent) => keysOf(named(name), overrides) === comboOf(e)
export const capsFor = (name: string) => capsOf(keysOf(named(name), overrides))

/* A select opens by it. */
const opensSelect = (e: KeyboardEvent) => e.altKey && ['ArrowUp', 'ArrowDown'].includes(e.key) && (e.target as HTMLElement | null)?.tagName === 'SELECT'

function onKey(e: KeyboardEvent): void {
	if (opensSelect(e)) return
	if (e.defaultPrevented || e.isComposing || ['Shift', 'Control', 'Alt', 'Meta'].includes(e.key)) return
	if (document.querySelector('[aria-modal="true"]')) return
	const combo = comboOf(e)
	const plain = !combo.startsWith('Ctrl+') && !combo.startsWith('Alt+') && !/^F\d/.test(combo)
	if (plain && typing(e.target)) return
	const sequence = first && e.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${combo}` : null
	first = null
	const handler = (sequence && handlerOf(sequence)) || handlerOf(combo)
	if (handler) {
		e.preventDefault()
		handler(e)
		return
	}
	if (plain && commands.some((c) => keysOf(c, overrides).startsWith(`${combo} `))) {
		first = combo
		firstAt = e.timeStamp
	}
}

document.addEventListener('keydown', onKey)

/* Serves commands while the calling component lives. */
export function useKeys(handlers: Handlers): void {
	layers.push(handlers)
	onBeforeUnmount(() => { layers.splice(layers.indexOf(handlers), 1) })
}

/* F6: the next pane (marked data-pane) takes the focus. */
export function nextPane(back: boolean): void {
	const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((p) => p.offsetParent !== null || getComputedStyle(p).position === 'fixed')
	if (!panes.length) return
	const at = panes.findIndex((p) => p.contains(document.activeElement))
	const next = panes[(at + (back ? -1 : 1) + panes.length) % panes.length]
	if (!next.hasAttribute('tabindex')) next.tabIndex = -1
	next.focus()
}
