/*
 * Saved views of a record: a person's own, the team's, the company's, with their counts (kept by the server's
 * roll-up). A view is only conditions, order and columns; opening it puts them into the address.
 */
import { onBeforeUnmount, ref } from 'vue'
import type { Condition, Item } from '@shared/api/types'
import { client, stream } from '../app/api'
import { readFilter } from './query'

export interface View {
	id: string
	name: string
	audience: 'mine' | 'team' | 'company'
	filter: Condition[]
	sort: string
	columns: string[]
	alarm: boolean
	version?: number
}

export interface ViewCount { view_id: string; count: number; more?: boolean; approximate?: boolean }
const COUNT_AGAIN_MS = 10_000

function list(raw: unknown): string[] {
	try {
		const value: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw
		return Array.isArray(value) ? value.map(String) : []
	} catch { return [] }
}

export function viewOf(item: Item): View {
	return {
		id: item.id, name: String(item.name), audience: (item.audience as View['audience']) ?? 'mine', filter: readFilter(item.filter),
		sort: String(item.sort ?? ''), columns: list(item.columns), alarm: Boolean(item.alarm), version: item.version,
	}
}

export function useViews(record: string) {
	const views = ref<View[]>([])
	const counts = ref(new Map<string, ViewCount>())
	let timer: ReturnType<typeof setTimeout> | undefined

	async function load() {
		try {
			const page = await client.list('view', { filter: [['record', '=', record]], limit: 100 })
			views.value = page.items.map(viewOf)
			if (views.value.length) await count()
		} catch { views.value = [] }
	}
	async function count() {
		timer = undefined
		if (record !== 'ticket') return
		try {
			const reply = await client.get<{ items: ViewCount[] }>('/ticket/counts')
			counts.value = new Map(reply.items.map((c) => [c.view_id, c]))
		} catch { counts.value = new Map() }
	}
	const unsubscribe = stream.subscribe(`view:${record}`, () => { timer ??= setTimeout(() => void count(), COUNT_AGAIN_MS) })
	onBeforeUnmount(() => { unsubscribe(); clearTimeout(timer) })
	void load()
	return { views, counts, load }
}
