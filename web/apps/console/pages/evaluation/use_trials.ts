/* The chosen question set: its lines, its trials, the one looked at; what runs is asked for again until it ends. */
import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import { t, type Label } from '@shared/i18n'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useFresh } from '../../app/use_fresh'
import { OUTSIDE, type Answer, type Change, type Learning, type Line, type Trial, type Week } from './evaluation'

interface Page<T> { items: T[]; next: string | null }
const ASK_MS = 700
const AT_ONCE = 200

/* What was confused, given to the article that should have answered, as a phrasing. */
function useCure(work: (name: string, doing: () => Promise<void>) => Promise<void>, learning: ShallowRef<Learning | null>) {
	const added = ref<string[]>([])
	const addPhrasing = (a: Answer) => work(`add${a.line_id}`, async () => {
		const row = await client.post<Item>('/phrasing', { article: a.expected, text: a.question })
		added.value = [...added.value, a.line_id]
		learning.value = await client.get<Learning>('/knowledge/learning')
		toast(t('evaluation.phrase_added', { code: a.expected }), async () => {
			await client.post(`/phrasing/${row.id}/archive`, { version: row.version })
			added.value = added.value.filter((id) => id !== a.line_id)
		})
	})
	const mayAdd = (a: Answer) => !a.right && a.expected !== OUTSIDE && !added.value.includes(a.line_id)
	return { added, addPhrasing, mayAdd }
}

async function answersOf(trial: string): Promise<Answer[]> {
	const all: Answer[] = []
	for (let after: string | null = '0'; after !== null;) {
		const got: Page<Answer> = await client.get<Page<Answer>>(`/evaluation/${trial}/answer`, after === '0' ? {} : { after })
		all.push(...got.items)
		after = got.next
	}
	return all
}

export function useTrials() {
	const sets = shallowRef<Item[] | null>(null)
	const set = ref('')
	const lines = shallowRef<Item[]>([])
	const trials = shallowRef<Trial[]>([])
	const trial = shallowRef<Trial | null>(null)
	const answers = shallowRef<Page<Answer>>({ items: [], next: null })
	const wrongOnly = ref(true)
	const against = ref('')
	const changes = shallowRef<Change[] | null>(null)
	const weeks = shallowRef<Week[]>([])
	const learning = shallowRef<Learning | null>(null)
	const products = shallowRef<{ code: string; name: Label }[]>([])
	const failed = shallowRef<ApiError | null>(null)
	const busy = ref('')
	/* Of several answers the one to the last question counts, and none to what is no longer looked at. */
	let run = 0
	/* Begun here; it may end before it is seen to run. */
	let begun = ''
	let shown = 0

	const running = computed(() => trials.value.find((one) => one.state === 'running'))
	const of = () => ({ condition: `set_id = ${set.value}` })

	async function loadSets(): Promise<void> {
		try {
			const [found, judged, state, known] = await Promise.all([client.get<Page<Item>>('/question_set', { limit: 100 }), client.get<{ weeks: Week[] }>('/knowledge/judged'), client.get<Learning>('/knowledge/learning'), client.get<{ products: { code: string; name: Label }[] }>('/knowledge', { limit: 1 })])
			sets.value = found.items
			weeks.value = judged.weeks
			learning.value = state
			products.value = known.products
			if (!found.items.some((one) => one.id === set.value)) set.value = found.items[0]?.id ?? ''
			await loadSet()
		} catch (error) { failed.value = asApiError(error) }
	}
	async function loadSet(): Promise<void> {
		trial.value = null
		changes.value = null
		against.value = ''
		if (!set.value) return
		const mine = set.value
		await Promise.all([loadLines(), loadTrials()])
		if (mine !== set.value) return
		const first = trials.value.find((one) => one.state === 'done')
		if (first) await look(first)
	}
	async function loadLines(): Promise<void> {
		const mine = set.value
		const { items } = await client.get<Page<Item>>('/question_line', { ...of(), sort: '-created_at', limit: 50 })
		if (mine === set.value) lines.value = items
	}
	async function loadTrials(): Promise<void> {
		const mine = ++run
		const was = running.value?.id ?? begun
		const { items } = await client.get<Page<Trial>>('/evaluation', { ...of(), sort: '-created_at', limit: 20 })
		if (mine !== run) return
		trials.value = items
		const done = running.value ? undefined : items.find((one) => one.id === was)
		if (!done) return
		begun = ''
		await look(done)
		learning.value = await client.get<Learning>('/knowledge/learning')
		weeks.value = (await client.get<{ weeks: Week[] }>('/knowledge/judged')).weeks
	}
	useFresh(loadTrials, { everyMs: ASK_MS, asleep: () => document.hidden || !running.value })
	async function look(one: Trial): Promise<void> {
		trial.value = one
		changes.value = null
		against.value = ''
		await Promise.all([loadAnswers(), one.article_id ? compare() : undefined])
	}
	async function loadAnswers(more = false): Promise<void> {
		if (!trial.value) return
		const mine = ++shown
		const got = await client.get<Page<Answer>>(`/evaluation/${trial.value.id}/answer`, { ...(wrongOnly.value ? { wrong: 1 } : {}), ...(more && answers.value.next ? { after: answers.value.next } : {}) })
		if (mine !== shown) return
		answers.value = more ? { ...got, items: [...answers.value.items, ...got.items] } : got
	}
	const allAnswers = () => answersOf(trial.value!.id)
	/* With another trial; of a draft's with what was in force. */
	async function compare(): Promise<void> {
		const [one, other, draft] = [trial.value?.id, against.value, trial.value?.article_id]
		const found = one && (other || draft) ? (await client.get<{ items: Change[] }>(`/evaluation/${one}/compare`, other ? { with: other } : {})).items : null
		if (one === trial.value?.id && other === against.value) changes.value = found
	}
	/* Does one thing at a time; what fails is said. */
	async function work(name: string, doing: () => Promise<void>): Promise<void> {
		if (busy.value) return
		busy.value = name
		try { await doing() } catch (error) { toastError(error) } finally { busy.value = '' }
	}
	const make = (name: string) => work('make', async () => {
		const made = await client.post<Item>('/question_set', { name })
		set.value = made.id
		await loadSets()
	})
	const begin = (draft?: string) => work('try', async () => {
		begun = (await client.post<Trial>(`/question_set/${set.value}/try`, draft ? { article_id: draft } : {})).id
		await loadTrials()
	})
	const stop = () => work('stop', async () => {
		if (running.value) await client.post(`/evaluation/${running.value.id}/stop`, {})
		await loadTrials()
	})
	const gather = () => work('gather', async () => {
		const { made } = await client.post<{ made: number }>(`/question_set/${set.value}/gather`, {})
		toast(made ? t('evaluation.gathered', { n: made }) : t('evaluation.gathered_none'))
		await loadLines()
	})
	/* A file may hold more than one call takes. */
	const addLines = (items: Line[]) => work('lines', async () => {
		let made = 0
		for (let i = 0; i < items.length; i += AT_ONCE) made += (await client.post<{ made: number }>(`/question_set/${set.value}/lines`, { items: items.slice(i, i + AT_ONCE) })).made
		toast(t('evaluation.lines_made', { n: made, same: items.length - made }))
		await loadLines()
	})
	const dropLine = (row: Item) => work('line', async () => {
		const gone = await client.post<Item>(`/question_line/${row.id}/archive`, { version: row.version })
		await loadLines()
		toast(t('evaluation.line_gone'), async () => {
			await client.post(`/question_line/${row.id}/restore`, { version: gone.version })
			await loadLines()
		})
	})
	const cure = useCure(work, learning)
	return { sets, set, lines, trials, trial, answers, wrongOnly, against, changes, weeks, learning, products, failed, busy, running, loadSets, loadSet, look, loadAnswers, allAnswers, compare, make, begin, stop, gather, addLines, dropLine, work, ...cure }
}
export type Trials = ReturnType<typeof useTrials>
