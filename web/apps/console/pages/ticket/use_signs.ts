/* Lists to choose from over a text box: opened by a button, a key, or a sign that is typed, which is replaced by what is chosen. Keyboards for Chinese make
   other characters of these keys. */
import { ref, type Ref } from 'vue'
import { putWords } from './put_words'

/* `begins`: what may stand before it. */
export interface Sign { name: string; letters: string; begins: RegExp; may: () => boolean }
export const WHERE_A_LINE_BEGINS = /(^|\n)$/
/* "3#" is the number of a house. */
export const BEHIND_NO_NUMBER = /(^|[^A-Za-z0-9])$/

export function useSigns(text: Ref<string>, area: Ref<HTMLTextAreaElement | null>, signs: Sign[]) {
	const choosing = ref<string | null>(null)
	let typedOne = false

	function open(name: string) {
		typedOne = false
		choosing.value = name
	}
	function typed(e: InputEvent) {
		const box = area.value, letter = e.data ?? ''
		if (!box || e.isComposing || letter.length !== 1) return
		const before = box.value.slice(0, Math.max(0, box.selectionStart - 1))
		const sign = signs.find((one) => one.letters.includes(letter) && one.begins.test(before) && one.may())
		if (!sign) return
		typedOne = true
		choosing.value = sign.name
	}
	async function insert(words: string) {
		const to = area.value?.selectionEnd ?? text.value.length
		const from = (area.value?.selectionStart ?? to) - (typedOne ? 1 : 0)
		choosing.value = null
		await putWords(text, area, from, to, words)
	}
	/* The list itself gives the focus back, unless somebody has gone on elsewhere. */
	function close() {
		choosing.value = null
	}
	return { choosing, open, typed, insert, close }
}
