/* Templates in a text box: opened by a button, a key, or a slash where a line begins, which is replaced by what is chosen. Keyboards for Chinese make
   other characters of that key. */
import { nextTick, ref, type Ref } from 'vue'

export function useSlash(text: Ref<string>, area: Ref<HTMLTextAreaElement | null>, may: () => boolean) {
	const choosing = ref(false)
	let slash = false

	function open() {
		slash = false
		choosing.value = true
	}
	function typed(e: InputEvent) {
		const at = area.value?.selectionStart ?? 0
		const begins = at === 1 || text.value[at - 2] === '\n'
		if (!may() || e.isComposing || !begins || !'/／、'.includes(e.data || ' ')) return
		slash = true
		choosing.value = true
	}
	async function insert(filled: string) {
		const from = (area.value?.selectionStart ?? text.value.length) - (slash ? 1 : 0)
		const to = area.value?.selectionEnd ?? text.value.length
		choosing.value = false
		text.value = text.value.slice(0, from) + filled + text.value.slice(to)
		await nextTick()
		area.value?.focus()
		area.value?.setSelectionRange(from + filled.length, from + filled.length)
	}
	async function close() {
		choosing.value = false
		await nextTick()
		area.value?.focus()
	}
	return { choosing, open, typed, insert, close }
}
