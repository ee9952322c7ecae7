/* What helps with the customer's last message: asked anew with each of them, and as the fault tree is walked. */
import { ref, shallowRef, watch } from 'vue'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useAsked } from '../../app/use_asked'

export interface Answer { code: string; title: string; text: string; source: string; confidence: number; internal: boolean }
export interface Step { code: string; title: string; node: string; ask: string; tell: string; end: string; choices: { say: string; go: string }[] }
export interface Mark { what: string; guess: string; value: string; confidence: number; corrected: boolean; choices: { value: string; label: { zh: string; en: string } }[] }
interface Assist { no: number; answers: Answer[]; tree: Step | null; marks: Mark[] }

export function useAssist(id: string, no: () => number) {
	const found = shallowRef<Assist | null>(null)
	const refused = ref<string[]>([])
	let at = { tree: '', node: '' }
	let used = false                         // an answer to this message
	const asked = useAsked(0, () => client.get<Assist>(`/conversation/${id}/assist`, at.tree ? at : {}), (answer) => { found.value = answer }, toastError)
	let loading = Promise.resolve()
	const load = () => (loading = no() ? asked.now() : Promise.resolve())
	/* A step further; that place is kept while she writes on, until another step is taken. */
	async function walk(tree: string, node: string): Promise<void> {
		at = { tree, node }
		await load()
	}
	async function mark(what: string, guess: string, confidence: number, value: string): Promise<void> {
		try { await client.post(`/conversation/${id}/mark`, { no: found.value?.no ?? no(), what, guess, confidence, value, ...(what === 'answer' ? { first: found.value?.answers[0]?.code ?? '' } : {}) }) } catch (error) { toastError(error) }
	}
	/* Answered by an article that she looked for herself: nothing that was suggested was the right one, unless she has taken that before.
	   She may be quicker than what is suggested, not than the customer's next message. */
	async function quoted(code: string): Promise<void> {
		const about = no()
		await loading
		if (found.value?.no && no() === about && !used) await use(code, 0)
	}
	async function use(code: string, confidence: number): Promise<void> {
		used = true
		await mark('answer', code, confidence, 'used')
	}
	async function refuse(answer: Answer): Promise<void> {
		refused.value = [...refused.value, answer.code]
		await mark('answer', answer.code, answer.confidence, 'unhelpful')
	}
	async function correct(m: Mark, value: string): Promise<void> {
		await mark(m.what, m.guess, m.confidence, value)
		await load()
	}
	async function summary(): Promise<string> {
		try { return (await client.get<{ text: string }>(`/conversation/${id}/summary`)).text } catch (error) { toastError(error) }
		return ''
	}
	watch(no, () => { refused.value = []; used = false; void load() }, { immediate: true })
	return { found, refused, walk, use, quoted, refuse, correct, summary }
}
