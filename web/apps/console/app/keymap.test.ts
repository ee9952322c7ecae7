import { expect, it } from 'vitest'
import { capsOf, comboOf, commands, mayBe, taken } from './keymap'

const combo = (key: string, more: KeyboardEventInit = {}) => comboOf(new KeyboardEvent('keydown', { key, ...more }))

it('names a key as people know it', () => {
	expect([combo('K', { ctrlKey: true }), combo('X', { shiftKey: true }), combo('?', { shiftKey: true }), combo('ArrowUp', { altKey: true })]).toEqual(['Ctrl+k', 'Shift+x', '?', 'Alt+ArrowUp'])
	expect(capsOf('Alt+ArrowUp')).toEqual(['Alt', '↑'])
	expect(capsOf('g t')).toEqual(['G', 'T'])
})
it('knows the letter that Option writes otherwise on a Mac', () => {
	expect(combo('†', { altKey: true, code: 'KeyT' })).toBe('Alt+t')
	expect(combo('Dead', { altKey: true, code: 'KeyN' })).toBe('Alt+n')
	expect(combo('¡', { altKey: true, code: 'Digit1' })).toBe('Alt+1')
})
it('goes by the letter, not by its place, where a keyboard has others there', () => {
	expect(combo('w', { altKey: true, code: 'KeyZ' })).toBe('Alt+w')
})
it('gives no key to two commands of one place', () => {
	const where = (group: string) => commands.filter((c) => !c.text && (c.group === group || c.group === 'everywhere')).map((c) => c.keys)
	for (const group of ['list', 'ticket', 'desk']) expect(new Set(where(group)).size, group).toBe(where(group).length)
	const text = commands.filter((c) => c.text).map((c) => c.keys)
	expect(new Set(text).size).toBe(text.length)
})

const named = (name: string) => commands.find((c) => c.name === name)!

it('sends by no key with which one writes', () => {
	const may = (name: string, ...combos: string[]) => combos.map((one) => mayBe(named(name), one))
	expect(may('send', 'a', 'Shift+a', '，', 'Backspace', 'ArrowUp', 'Shift+Home', ' ')).toEqual([false, false, false, false, false, false, false])
	expect(may('send', 'Enter', 'Shift+Enter', 'Ctrl+Enter', 'Ctrl+s', 'Alt+m', 'F8')).toEqual([true, true, true, true, true, true])
	expect(may('reply', 'a', 'ArrowUp')).toEqual([true, true])
})
it('tells of two commands by one key where both listen', () => {
	const told = (name: string, keys: string) => taken(named(name), { [name]: keys })
	expect([told('send', 'Alt+n'), told('send', 'Ctrl+k'), told('send', 'F6'), told('watch', 'e')]).toEqual([true, true, true, true])
	expect([told('send', 'Ctrl+Enter'), told('send', 'Enter'), told('reply', '/'), told('send', ''), told('send', 'Ctrl+s')]).toEqual([false, false, true, false, false])
	expect(taken(named('note'), { send: 'Alt+n' })).toBe(true)
	expect(taken(named('note'), { note: 'Ctrl+Enter' })).toBe(true)
	expect(taken(named('open'), {})).toBe(false)
})
