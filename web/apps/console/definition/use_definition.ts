/*
 * One definition (a calendar, a policy, a rule …) while it is edited: a draft beside what is kept, saved as a whole, taken back from its
 * history. A page brings the fields it edits and what a new one begins with;
 * `into` makes of the draft what is sent, `made` is called with a new one before its page opens, `changed` whenever what is kept is another
 * than before: saved, taken back, archived.
 */
import { computed, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { pick, t } from '@shared/i18n'
import { newKey } from '@shared/api/client'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../app/api'
import { putAway } from '../record/put_away'
import { useSession } from '../app/session'
import { useCrumb } from '../frame/crumb'
import { titleOf } from '../record/title'
import { useRecord } from '../record/use_record'

export type Values = Record<string, unknown>

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null)) as T

export function useDefinition(record: string, id: string, start: Values, into: (draft: Values) => Values = (draft) => draft, made: (item: Item) => Promise<void> = async () => {}, changed: () => Promise<void> = async () => {}) {
	const session = useSession()
	const router = useRouter()
	const creating = id === 'new'
	const known = creating ? { item: ref<Item | null>(null), failed: ref<ApiError | null>(null), load: async () => {}, take: () => {} } : useRecord(record, id)
	const { item, load } = known
	const tell = () => changed().catch(toastError)
	const draft = ref<Values>(copy(start))
	const busy = ref(false)
	const wrong = ref<ApiError | null>(null)
	const history = ref(false)
	const names = Object.keys(start)
	const meta = computed(() => session.record(record))
	const fields = computed(() => meta.value?.fields ?? [])
	const title = computed(() => (creating ? t('list.create', { record: pick(meta.value?.label) }) : titleOf(item.value)))
	useCrumb(() => title.value)

	/* What is kept, in the fields that are edited; null stands for nothing chosen. */
	const kept = (from: Item): Values => Object.fromEntries(names.map((n) => [n, copy(from[n] ?? start[n] ?? null)]))
	let base = ''
	function reset(): void {
		draft.value = item.value ? kept(item.value) : copy(start)
		base = JSON.stringify(draft.value)
	}
	/* Somebody else's change comes in only where nothing is being written. */
	watch(item, (now, before) => { if (now && (!before || JSON.stringify(draft.value) === base)) reset() }, { immediate: true })
	if (creating) base = JSON.stringify(draft.value)
	const dirty = computed(() => (void item.value?.version, JSON.stringify(draft.value) !== base))
	const may = computed(() => session.mayDo(record, creating ? 'create' : 'change') && !item.value?.archived_at)
	let key = newKey()

	async function save(more: Values = {}): Promise<Item | null> {
		if (busy.value) return null
		busy.value = true
		wrong.value = null
		try {
			const body = into(copy({ ...draft.value, ...more }))
			if (creating) {
				const filled = Object.fromEntries(Object.entries(body).filter(([, v]) => v !== null && v !== ''))
				const row = await client.post<Item>(`/${record}`, filled, { key })
				await tell()
				toast(t('record.created'))
				/* It is there: what was to go with it and was refused is tried again on its own page, not by making a second one. */
				try { await made(row) } catch (error) { toastError(error) }
				await router.replace(`/${record}/${row.id}`)
				return row
			}
			const said = Object.fromEntries(Object.entries(body).filter(([n, v]) => !fields.value.find((f) => f.name === n)?.fixed && JSON.stringify(v) !== JSON.stringify(item.value?.[n] ?? null)))
			const before = Object.fromEntries(Object.keys(said).map((n) => [n, copy(item.value?.[n] ?? null)]))
			const next = await client.patch<Item>(`/${record}/${id}`, { ...said, version: item.value?.version }, { key })
			known.take(next)
			reset()
			toast(t('record.saved'), async () => {
				known.take(await client.patch<Item>(`/${record}/${id}`, { ...before, version: next.version })) // what somebody has begun to type meanwhile stays
				await tell()
			})
			await tell()
			return next
		} catch (error) {
			wrong.value = asApiError(error)
			return null
		} finally {
			key = newKey()
			busy.value = false
		}
	}
	/* A change of the history, taken back: into the draft, to be looked at and saved. */
	function revert(values: Values): void {
		draft.value = { ...draft.value, ...copy(Object.fromEntries(Object.entries(values).filter(([n]) => names.includes(n)))) }
		history.value = false
		toast(t('definition.reverted'))
	}
	const put = async (what: 'archive' | 'restore') => { if (item.value) await putAway(record, item.value, what, (next) => {
		known.take(next)
		return tell()
	}) }
	return { record, creating, item, failed: known.failed, load, draft, fields, title, busy, wrong, dirty, may, history, save, reset, revert, put }
}

export type Definition = ReturnType<typeof useDefinition>
