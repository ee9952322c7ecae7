/*
 * One entry while it is edited. What the pack says becomes a row of the company's with the first save; put away, the pack speaks again.
 */
import { computed, ref, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { t } from '@shared/i18n'
import { newKey } from '@shared/api/client'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useSession } from '../../app/session'
import { act } from '../../record/actions'
import { putAway } from '../../record/put_away'
import { empty, ofPack, ofRow, sent, type Draft, type Entry } from './knowledge'

/* What was wrong with publishing a new one, for the page of its own that it has by then. */
let carried: { code: string; error: ApiError } | null = null

export function useEntry(code: string, kind: string) {
	const session = useSession()
	const router = useRouter()
	const creating = code === ''
	const entry = shallowRef<Entry | null>(null)
	const failed = shallowRef<ApiError | null>(null)
	const wrong = shallowRef<ApiError | null>(null)
	const draft = ref<Draft>(empty(kind))
	const busy = ref('')
	let base = JSON.stringify(draft.value)
	let key = newKey()

	const row = computed(() => (entry.value && !entry.value.archived ? entry.value.row : null))
	const dirty = computed(() => (void entry.value, JSON.stringify(draft.value) !== base))
	const mayWrite = computed(() => session.mayDo('article', row.value ? 'change' : 'create') && (row.value?.state !== 'published' || session.may('article.publish')))
	const mayPublish = computed(() => session.may('article.publish'))

	function reset(): void {
		const e = entry.value
		if (!e) return
		draft.value = e.row && (!e.archived || !e.pack) ? ofRow(e.row) : ofPack(code, e.head?.kind ?? kind, e.pack!)
		base = JSON.stringify(draft.value)
	}
	async function load(): Promise<void> {
		failed.value = null
		try {
			const untouched = !dirty.value
			entry.value = await client.get<Entry>(`/knowledge/entry/${encodeURIComponent(code)}`)
			if (untouched) reset()
		} catch (error) { failed.value = asApiError(error) }
	}
	if (!creating) void load()
	if (carried?.code === code) wrong.value = carried.error
	carried = null
	/* The row to write to: a new one, one fetched back from the archive, or the one there is. */
	async function write(): Promise<Item> {
		const body = sent(draft.value)
		if (creating || !entry.value?.row) return client.post<Item>('/article', Object.fromEntries(Object.entries(body).filter(([, v]) => v !== null && v !== '')), { key })
		let to = entry.value.row
		if (entry.value.archived) to = await client.post<Item>(`/article/${to.id}/restore`, { version: to.version })
		const fixed = ['code', 'kind']
		const said = Object.fromEntries(Object.entries(body).filter(([n, v]) => !fixed.includes(n) && JSON.stringify(v) !== JSON.stringify(to[n] ?? null)))
		return Object.keys(said).length ? client.patch<Item>(`/article/${to.id}`, { ...said, version: to.version }, { key }) : to
	}
	async function save(then?: 'publish'): Promise<void> {
		if (busy.value) return
		busy.value = then ?? 'save'
		wrong.value = null
		try {
			const saved = await write()
			base = JSON.stringify(draft.value)
			const action = then && saved.actions?.find((a) => a.name === then)
			const refused = action ? await act('article', saved, action).then(() => null, asApiError) : null
			if (refused) wrong.value = refused
			else toast(t(action ? 'knowledge.published' : 'record.saved'))
			if (!creating) return
			if (refused) carried = { code: draft.value.code, error: refused }
			await router.replace(`/knowledge/${encodeURIComponent(draft.value.code)}`)
		} catch (error) { wrong.value = asApiError(error) } finally {
			busy.value = ''
			key = newKey()
			if (!creating) await load()
		}
	}
	const put = (what: 'archive' | 'restore') => { if (entry.value?.row) return putAway('article', entry.value.row, what, async () => {
		await load()
		reset()
	}, what === 'archive' && entry.value.pack ? t('knowledge.pack_again') : undefined) }

	async function phrase(work: () => Promise<unknown>, said: string, undo?: () => Promise<unknown>): Promise<boolean> {
		try {
			await work()
			await load()
			toast(said, undo && (async () => {
				await undo()
				await load()
			}))
			return true
		} catch (error) {
			toastError(error)
			return false
		}
	}
	return { creating, entry, failed, wrong, draft, busy, row, dirty, mayWrite, mayPublish, load, reset, save, put, phrase }
}
export type EntryWork = ReturnType<typeof useEntry>
