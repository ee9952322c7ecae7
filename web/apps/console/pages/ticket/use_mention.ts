/* Naming colleagues in a text box: an @ opens their list, who is taken stands in the text, and counts as long as she stands there. */
import { computed, ref, watch, type Ref } from 'vue'
import { askedAt, partsOf, stillNamed, type Named } from './mention'
import { putWords } from './put_words'

interface List { key: (e: KeyboardEvent) => boolean }

export function useMention(text: Ref<string>, area: Ref<HTMLTextAreaElement | null>, may: Ref<boolean>, kept: Named[]) {
	const people = ref<Named[]>(kept)
	const asked = ref<{ from: number; words: string } | null>(null)
	const option = ref<string>()
	let list: List | null = null
	let closedAt = -1                        // the @ whose list was closed by hand
	watch(text, (now) => { people.value = stillNamed(now, people.value) })
	watch(may, (now) => { if (!now) close() })

	const leave = () => { asked.value = null; option.value = undefined }
	function close() {
		closedAt = asked.value?.from ?? -1
		leave()
	}
	/* Asked with every key and move of the caret: also while an input method still puts a character together. */
	function look() {
		const box = area.value
		const now = may.value && box ? askedAt(box.value, box.selectionStart) : null
		if (!now) closedAt = -1
		asked.value = now && now.from !== closedAt ? now : null
		if (!asked.value) option.value = undefined
	}
	function key(e: KeyboardEvent) {
		if (!asked.value || e.isComposing || !list?.key(e)) return
		e.preventDefault()
		e.stopPropagation()
	}
	/* Two of one name are told apart by account in the text. */
	async function take(who: Named & { account: string }, alone: boolean) {
		const box = area.value
		if (!box || !asked.value) return
		const name = alone ? who.name : `${who.name}(${who.account})`
		const from = asked.value.from
		asked.value = null
		people.value = [...people.value.filter((p) => p.id !== who.id), { id: who.id, name }]
		await putWords(text, area, from, box.selectionStart, `@${name} `)
	}
	/* The button beside the text does what the key does. */
	async function begin() {
		const box = area.value
		if (!box) return
		const at = box.selectionStart
		const gap = /[A-Za-z0-9._%+-]$/.test(text.value.slice(0, at)) ? ' ' : ''
		await putWords(text, area, at, box.selectionEnd, `${gap}@`)
		closedAt = -1
		look()
	}
	function clear() {
		people.value = []
		close()
	}
	return { people, asked, option, hold: (one: unknown) => { list = one as List | null }, parts: computed(() => partsOf(text.value, people.value)), look, key, take, begin, close, leave, clear }
}
