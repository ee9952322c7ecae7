/*
 * The keyboard map: every command that has a key, by name. People may change or switch off single keys; what they
 * chose is kept in this browser. Combos are written as `Ctrl+k`, `Shift+x`, `g t` (one after the other).
 */
import { recall, remember } from '@shared/i18n'

/* `text`: a key of the box that one writes in, which means something else elsewhere. */
export interface Command { name: string; group: Group; keys: string; fixed?: boolean; text?: boolean }
export const groups = ['everywhere', 'list', 'ticket', 'desk'] as const
export type Group = (typeof groups)[number]

export const commands: Command[] = [
	{ name: 'search', group: 'everywhere', keys: 'Ctrl+k' },
	{ name: 'keys', group: 'everywhere', keys: '?' },
	{ name: 'pane', group: 'everywhere', keys: 'F6' },
	{ name: 'my_status', group: 'everywhere', keys: 'Alt+s' },
	{ name: 'undo', group: 'everywhere', keys: 'Alt+z' },
	{ name: 'close', group: 'everywhere', keys: 'Escape', fixed: true },
	{ name: 'submit', group: 'everywhere', keys: 'Ctrl+Enter', fixed: true },
	{ name: 'go_ticket', group: 'everywhere', keys: 'g t' },
	{ name: 'go_queue', group: 'everywhere', keys: 'g q' },
	{ name: 'take_next', group: 'everywhere', keys: 'Shift+t' },
	{ name: 'next_chat', group: 'everywhere', keys: 'Shift+n' },
	{ name: 'take_call', group: 'everywhere', keys: 'Alt+c' },
	{ name: 'go_desk', group: 'everywhere', keys: 'g d' },
	{ name: 'go_floor', group: 'everywhere', keys: 'g f' },
	{ name: 'go_device', group: 'everywhere', keys: 'g e' },
	{ name: 'go_knowledge', group: 'everywhere', keys: 'g k' },
	{ name: 'go_customer', group: 'everywhere', keys: 'g c' },
	{ name: 'go_promise', group: 'everywhere', keys: 'g n' },
	{ name: 'go_approval', group: 'everywhere', keys: 'g a' },
	{ name: 'down', group: 'list', keys: 'j' },
	{ name: 'up', group: 'list', keys: 'k' },
	{ name: 'select', group: 'list', keys: 'x' },
	{ name: 'range', group: 'list', keys: 'Shift+x' },
	{ name: 'open', group: 'list', keys: 'Enter', fixed: true },
	{ name: 'preview', group: 'list', keys: 'e' },
	{ name: 'filter', group: 'list', keys: '/' },
	{ name: 'views', group: 'list', keys: 'v' },
	{ name: 'assign', group: 'list', keys: 'a' },
	{ name: 'grade', group: 'list', keys: 'p' },
	{ name: 'approve', group: 'list', keys: 'y' },
	{ name: 'refuse', group: 'list', keys: 'n' },
	{ name: 'note', group: 'ticket', keys: 'Alt+n' },
	{ name: 'reply', group: 'ticket', keys: 'r' },
	{ name: 'template', group: 'ticket', keys: 'Ctrl+;' },
	{ name: 'watch', group: 'ticket', keys: 'w' },
	{ name: 'talk_before', group: 'desk', keys: 'Alt+ArrowUp' },
	{ name: 'talk_after', group: 'desk', keys: 'Alt+ArrowDown' },
	{ name: 'suggest_1', group: 'desk', keys: 'Alt+1' },
	{ name: 'suggest_2', group: 'desk', keys: 'Alt+2' },
	{ name: 'suggest_3', group: 'desk', keys: 'Alt+3' },
	{ name: 'ask_step', group: 'desk', keys: 'Alt+q' },
	{ name: 'sign_template', group: 'desk', keys: '/', fixed: true, text: true },
	{ name: 'sign_article', group: 'desk', keys: '#', fixed: true, text: true },
	{ name: 'sign_colleague', group: 'desk', keys: '@', fixed: true, text: true },
	{ name: 'transfer', group: 'desk', keys: 'Alt+t' },
	{ name: 'file_ticket', group: 'desk', keys: 'Alt+w' },
	{ name: 'send', group: 'desk', keys: 'Enter', text: true },
]

export type Overrides = Record<string, string>

export function readOverrides(): Overrides {
	try { return JSON.parse(recall('keys') ?? '{}') as Overrides } catch { return {} }
}

export function saveOverrides(overrides: Overrides): void {
	remember('keys', JSON.stringify(overrides))
}

/* What a command listens to now; empty when switched off. */
export function keysOf(command: Command, overrides: Overrides): string {
	return command.fixed ? command.keys : overrides[command.name] ?? command.keys
}

/* What is heard where one writes as well: no character, nor a key that moves or deletes. */
const HEARD_IN_TEXT = /^(Ctrl|Alt)\+|^F\d/
export const mayBe = (command: Command, combo: string) => !command.text || HEARD_IN_TEXT.test(combo) || combo.endsWith('Enter')

/* Whether another command listens to the same where this one does. `submit` does what `send` does. */
export function taken(own: Command, overrides: Overrides): boolean {
	const mine = keysOf(own, overrides)
	const meets = (c: Command) => Boolean(c.text) === Boolean(own.text) || (HEARD_IN_TEXT.test(mine) && c.name !== 'submit')
	return mine !== '' && commands.some((c) => c.name !== own.name && keysOf(c, overrides) === mine && meets(c))
}

/* The letter or digit of a key: with Option a Mac writes another one, or waits for a second. */
function keyOf(e: KeyboardEvent): string {
	const written = e.altKey && /^(Key|Digit)/.test(e.code) && !/^[a-z0-9]$/i.test(e.key)
	return written ? e.code.slice(-1).toLowerCase() : e.key
}

/* `Ctrl+k` of an event; Shift is named only where the key alone would not tell. */
export function comboOf(e: KeyboardEvent): string {
	const key = keyOf(e)
	const named = key.length > 1
	const parts = [
		e.ctrlKey || e.metaKey ? 'Ctrl' : '', e.altKey ? 'Alt' : '',
		e.shiftKey && (named || /[a-z]/i.test(key)) ? 'Shift' : '',
		named ? key : key.toLowerCase(),
	]
	return parts.filter(Boolean).join('+')
}

/* `g t` → ['G', 'T'] for drawing. */
const CAPS: Record<string, string> = { Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }
export function capsOf(keys: string): string[] {
	return keys.split(/[ +]/).filter(Boolean).map((k) => (k.length === 1 ? k.toUpperCase() : CAPS[k] ?? k))
}
