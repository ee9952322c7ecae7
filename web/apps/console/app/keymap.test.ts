import { expect, it } from 'vitest'
import { capsOf, comboOf, commands } from './keymap'

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
