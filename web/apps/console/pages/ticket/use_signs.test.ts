/* Signs that open a list over a text box, as they are typed on any keyboard. */
import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { BEHIND_NO_NUMBER, useSigns, WHERE_A_LINE_BEGINS } from './use_signs'

function box(words: string, caret = words.length) {
	const area = document.createElement('textarea')
	area.value = words
	document.body.append(area)
	area.setSelectionRange(caret, caret)
	const text = ref(words)
	const signs = useSigns(text, ref(area), [
		{ name: 'template', letters: '/／、', begins: WHERE_A_LINE_BEGINS, may: () => true },
		{ name: 'article', letters: '#＃', begins: BEHIND_NO_NUMBER, may: () => true },
		{ name: 'never', letters: '$', begins: BEHIND_NO_NUMBER, may: () => false },
	])
	const typed = (data: string | null, isComposing = false) => { signs.typed({ data, isComposing } as InputEvent); return signs.choosing.value }
	return { text, signs, typed }
}

describe('a sign', () => {
	it('opens its list, also the one of a Chinese keyboard', () => {
		expect([box('/').typed('/'), box('您好\n、').typed('、'), box('您好，请看#').typed('#'), box('＃').typed('＃')]).toEqual(['template', 'template', 'article', 'article'])
	})
	it('is text in the middle of a line, in the number of a house, or pasted', () => {
		expect([box('1/').typed('/'), box('3#').typed('#'), box('看#').typed(null), box('#').typed('#1')]).toEqual([null, null, null, null])
	})
	it('is text as long as an input method puts a character together, and where the list may not be seen', () => {
		expect([box('#').typed('#', true), box('$').typed('$')]).toEqual([null, null])
	})
	it('gives way to what is chosen; a list that a button opened leaves all as it is', async () => {
		const one = box('请看#谢谢', 3)
		one.typed('#')
		await one.signs.insert('【除霜】')
		expect(one.text.value).toBe('请看【除霜】谢谢')
		const other = box('请看#')
		other.signs.open('article')
		await other.signs.insert('【除霜】')
		expect(other.text.value).toBe('请看#【除霜】')
	})
	it('stays where nothing is chosen', () => {
		const one = box('#')
		one.typed('#')
		one.signs.close()
		expect([one.text.value, one.signs.choosing.value]).toEqual(['#', null])
	})
})
