/*
 * Saved views of a record: a person's own, the team's, the company's, with their counts, asked one after the other
 * and at most every 20 s. A count may be some seconds old, for then the server counts once for everybody who looks: no older than
 * the change that had it asked for. A view is only conditions, order and columns; opening it puts them into the address.
 */
import { onBeforeUnmount, ref } from 'vue'
import { asApiError } from '@shared/api/error'
import { lang } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { client, stream } from '../app/api'

export interface View {
	id: string
	record: string
	name: string
	name_en: string
	audience: 'mine' | 'team' | 'company'
	condition: string
	sort: string
	columns: string[]
	alarm: boolean
	position: number
	version?: number
}

/* wrong: the view's condition does not hold any more, so there is nothing to count. */
export interface ViewCount { total: number; total_more?: boolean; wrong?: boolean }
const COUNT_AGAIN_MS = 20_000
export const COUNT_MAX_AGE_S = 15

function list(raw: unknown): string[] {
	try {
		const value: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw
		return Array.isArray(value) ? value.map(String) : []
	} catch { return [] }
}

export function viewOf(item: Item): View {
	return {
		id: item.id, record: String(item.record), name: String(item.name), name_en: String(item.name_en ?? ''), audience: (item.audience as View['audience']) ?? 'mine', condition: String(item.condition ?? ''),
		sort: String(item.sort ?? ''), columns: list(item.columns), alarm: Boolean(item.alarm),
		position: Number(item.position ?? 0), version: item.version,
	}
}

export const viewName = (v: View) => (lang.value === 'en' && v.name_en) || v.name

export function useViews(record: string) {
	const views = ref<View[]>([])
	/* Which there are is known, or cannot be found out. */
	const known = ref(false)
	const counts = ref(new Map<string, ViewCount>())
	let timer: ReturnType<typeof setTimeout> | undefined

	async function load() {
		try {
			const page = await client.list('view', { filter: [['record', '=', record]], limit: 100 })
			views.value = page.items.map(viewOf).sort((a, b) => a.position - b.position || a.name.localeCompare(b.name))
			known.value = true
			if (views.value.length) await count()
			timer ??= setTimeout(() => void count(), COUNT_AGAIN_MS) // the first may be from before a change that this page did not hear of
		} catch { views.value = [] } finally { known.value = true }
	}
	async function count() {
		timer = undefined
		if (document.hidden) return
		for (const view of views.value) {
			try {
				counts.value.set(view.id, await client.get<ViewCount>(`/${record}/count`, { condition: view.condition, max_age: COUNT_MAX_AGE_S }))
			} catch (error) {
				if (asApiError(error).status === 422) counts.value.set(view.id, { total: 0, wrong: true })
				else counts.value.delete(view.id)
			}
		}
	}
	const unsubscribe = stream.subscribe(`view:${record}`, () => { timer ??= setTimeout(() => void count(), COUNT_AGAIN_MS) })
	onBeforeUnmount(() => { unsubscribe(); clearTimeout(timer) })
	void load()
	/* The order of one audience's views, as they stand now. */
	async function order(audience: View['audience'], ids: string[]) {
		const places = new Map(ids.map((id, i) => [id, i + 1]))
		views.value = views.value.map((v) => (v.audience === audience ? { ...v, position: places.get(v.id) ?? v.position } : v)).sort((a, b) => a.position - b.position)
		try { await client.post('/view/order', { view_ids: ids }) } finally { await load() }
	}
	return { views, known, counts, load, order }
}
