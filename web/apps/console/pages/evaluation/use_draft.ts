/* A draft that is tried before it is published: which one, and what is asked. */
import { computed, ref, shallowRef, watch } from 'vue'
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import type { Trials } from './use_trials'

const MOST = 100
const ASKED_MOST = 20
const QUESTION_MOST = 200
const NAME_MOST = 60

/* A question a line, each once. */
export const questionsOf = (text: string): string[] => [...new Set(text.split(/\r?\n/).map((line) => line.trim().slice(0, QUESTION_MOST)).filter(Boolean))]

export function useDraft(work: Trials, first: string) {
	const drafts = shallowRef<Item[]>([])
	const draft = ref(first)
	const asked = ref('')
	const chosen = computed(() => drafts.value.find((one) => one.id === draft.value))
	const questions = computed(() => questionsOf(asked.value))
	const tooMany = computed(() => questions.value.length > ASKED_MOST)
	const loaded = ref(false)
	watch(draft, () => { asked.value = '' })

	async function load(): Promise<void> {
		try {
			const { items } = await client.list('article', { condition: 'state in ("draft", "review")', sort: '-updated_at', limit: MOST })
			const there = !draft.value || items.some((one) => one.id === draft.value)
			/* One that is older than those, or published since. */
			const other = there ? undefined : await client.get<Item>(`/article/${draft.value}`).catch(() => undefined)
			drafts.value = other && (other.state === 'draft' || other.state === 'review') && !other.archived_at ? [other, ...items] : items
			if (!chosen.value) draft.value = ''
			loaded.value = true
		} catch (error) { toastError(error) }
	}
	const begin = () => work.begin(draft.value)
	/* They stay as a set of the draft's own, to be tried again once it is published. */
	const ask = () => work.work('ask', async () => {
		const code = String(chosen.value!.code)
		const name = t('evaluation.draft_set', { code }).slice(0, NAME_MOST)
		const { items } = await client.list('question_set', { condition: `name = ${JSON.stringify(name)}`, limit: 1 })
		const id = (items[0] ?? await client.post<Item>('/question_set', { name })).id
		await client.post(`/question_set/${id}/lines`, { items: questions.value.map((question) => ({ question, expected: code })) })
		await client.post(`/question_set/${id}/try`, { article_id: draft.value })
		asked.value = ''
		work.set.value = id
		await work.loadSets()
	})
	return { drafts, draft, asked, chosen, questions, tooMany, loaded, load, begin, ask, most: ASKED_MOST }
}
