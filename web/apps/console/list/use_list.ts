/*
 * The state of one list: conditions, order, page, rows, choice. The address holds what makes the list, so that a link
 * shows the same. Live events change rows in place; new rows wait behind a count until they are asked for.
 */
import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item, Page, StreamEvent } from '@shared/api/types'
import { client, stream } from '../app/api'
import { useSession } from '../app/session'

const LOOK_AGAIN_MS = 3000

/* ready: nothing is read before, because the address may still change by itself. */
export function useList(record: string, ready: () => boolean) {
	const route = useRoute()
	const router = useRouter()
	const session = useSession()
	const meta = computed(() => session.record(record))
	const rows = computed(() => session.setting('list.rows'))

	const condition = computed(() => String(route.query.condition ?? ''))
	/* The figure of a promise whose rows these are. */
	const cell = computed(() => String(route.query.cell ?? ''))
	const sort = computed(() => String(route.query.sort ?? defaultSort()))
	const words = computed(() => String(route.query.q ?? ''))
	const viewId = computed(() => String(route.query.view ?? ''))
	const archived = computed(() => route.query.archived === '1')

	const page = shallowRef<Page | null>(null)
	const items = ref<Item[]>([])
	const cursors = ref<(string | undefined)[]>([undefined])
	const loading = ref(false)
	const readAt = ref(0)
	const error = shallowRef<ApiError | null>(null)
	const fresh = ref(0)
	const at = ref(0)
	const selected = reactive(new Set<string>())
	let run = 0

	function defaultSort(): string {
		return meta.value?.default_sort ?? '-created_at'
	}

	function query(after: string | undefined) {
		return {
			condition: condition.value, sort: sort.value, limit: rows.value, after, q: words.value, total: true,
			...(cell.value ? { cell: cell.value } : {}),
			...(archived.value ? { archived: 1 } : {}),
		}
	}

	async function load(): Promise<void> {
		const mine = ++run
		loading.value = true
		error.value = null
		try {
			const got = await client.list(record, query(cursors.value.at(-1)))
			if (mine !== run) return
			page.value = got
			items.value = got.items
			fresh.value = 0
			readAt.value = Date.now()
			at.value = Math.min(at.value, Math.max(0, got.items.length - 1))
		} catch (thrown) {
			if (mine === run) error.value = asApiError(thrown)
		} finally { if (mine === run) loading.value = false }
	}

	/* Anything that makes another list starts at its first page with nothing chosen. */
	watch(() => [route.query.condition, route.query.sort, route.query.q, route.query.archived, route.query.cell, ready()], () => {
		if (!ready()) return
		cursors.value = [undefined]
		selected.clear()
		at.value = 0
		void load()
	}, { immediate: true })

	async function go(change: Record<string, string | undefined>): Promise<void> {
		await router.replace({ query: { ...route.query, ...change } })
	}
	const setCondition = (next: string) => void go({ condition: next || undefined })

	const setAt = (i: number) => { at.value = i }
	const choose = (ids: string[], on: boolean) => { for (const id of ids) if (on) selected.add(id); else selected.delete(id) }
	/* A newer version of a row that is shown. */
	function place(item: Item): void {
		const i = items.value.findIndex((x) => x.id === item.id)
		if (i >= 0 && (item.version ?? 0) >= (items.value[i].version ?? 0)) items.value[i] = item
	}

	async function forward() {
		if (!page.value?.next) return
		cursors.value.push(page.value.next)
		at.value = 0
		await load()
	}
	async function backward() {
		if (cursors.value.length < 2) return
		cursors.value.pop()
		at.value = 0
		await load()
	}

	/* Live: a row on the page is read again in its place; for others the list looks, at most every 3 s. */
	let looking: ReturnType<typeof setTimeout> | undefined
	async function refreshRow(id: string) {
		try {
			place(await client.one(record, id))
		} catch { /* gone or no longer visible: the next reading of the list drops it */ }
	}
	async function look() {
		looking = undefined
		if (cursors.value.length > 1 || document.hidden) return
		try {
			const got = await client.list(record, { ...query(undefined), total: false })
			const shown = new Set(items.value.map((x) => x.id))
			fresh.value = got.items.filter((x) => !shown.has(x.id)).length
		} catch { /* the count of new rows is a courtesy; the list itself reports errors */ }
	}
	function onEvent(event: StreamEvent) {
		if (items.value.some((x) => x.id === event.id)) void refreshRow(event.id)
		else looking ??= setTimeout(() => void look(), LOOK_AGAIN_MS)
	}
	const unsubscribe = stream.subscribe(`view:${record}`, onEvent, { onGap: () => { looking ??= setTimeout(() => void look(), LOOK_AGAIN_MS) } })
	onBeforeUnmount(() => { unsubscribe(); clearTimeout(looking) })

	return {
		meta, rows, condition, cell, sort, words, viewId, archived, page, items, cursors, loading, readAt, error, fresh, at, selected,
		load, go, setCondition, setAt, choose, place, forward, backward, query,
	}
}

export type List = ReturnType<typeof useList>
