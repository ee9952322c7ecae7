/* Words into a text box in the place of others, with the caret behind them. */
import { nextTick, type Ref } from 'vue'

export async function putWords(text: Ref<string>, area: Ref<HTMLTextAreaElement | null>, from: number, to: number, words: string): Promise<void> {
	const now = area.value?.value ?? text.value // while an input method still puts a character together, the box knows more
	text.value = now.slice(0, from) + words + now.slice(to)
	await nextTick()
	area.value?.focus()
	area.value?.setSelectionRange(from + words.length, from + words.length)
}
