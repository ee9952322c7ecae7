/*
 * The clocks of the rows on a page or of one object: one call for all, read again when one of them changes, once a minute while any
 * runs, and counted by the second where the text has seconds.
 */
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import type { StreamEvent } from '@shared/api/types'
import { client, stream } from '../app/api'
import { useSession } from '../app/session'
import { learn, remainingAt, showsSeconds, type Clock, type Reading } from './clock'

const TOGETHER_MS = 250
const AGAIN_MS = 60_000
/* As many as one call takes. */
const MOST_IDS = 100

interface Answer { items: Clock[]; now: number }

/* topic: of one object or of a whole list. */
export function useClocks(record: string, ids: () => string[], topic: string) {
	const session = useSession()
	const clocks = shallowRef<Clock[]>([])
	const failed = shallowRef<ApiError | null>(null)
	const loaded = ref(false)
	const reading = shallowRef<Reading>({ now: 0, at: 0 })
	const now = ref(Date.now())
	let run = 0
	let together: ReturnType<typeof setTimeout> | undefined

	async function load(): Promise<void> {
		const mine = ++run
		const wanted = ids().slice(0, MOST_IDS)
		if (!wanted.length || !session.mayDo(record, 'read')) { clocks.value = []; return }
		try {
			const got = await client.get<Answer>('/clock', wanted.length === 1 ? { object: record, object_id: wanted[0] } : { object: record, ids: wanted.join(',') })
			if (mine !== run) return
			learn(got.items)
			now.value = Date.now()
			reading.value = { now: got.now, at: now.value }
			clocks.value = got.items
			failed.value = null
			loaded.value = true
		} catch (error) { if (mine === run) failed.value = asApiError(error) }
	}
	/* One action makes several events. */
	function soon(): void {
		clearTimeout(together)
		together = setTimeout(() => void load(), TOGETHER_MS)
	}
	const key = computed(() => ids().join(','))
	watch(key, () => void load(), { immediate: true })
	const onEvent = (e: StreamEvent) => { if (ids().includes(e.id)) soon() }
	const unsubscribe = stream.subscribe(topic, onEvent, { onGap: soon })

	/* A definition that changes and a door that opens tell nothing: so once a minute while the page is seen. */
	const again = setInterval(() => { if (!document.hidden && clocks.value.some((c) => c.state === 'running')) void load() }, AGAIN_MS)
	const second = setInterval(() => {
		const next = Date.now()
		if (!document.hidden && (next - now.value >= AGAIN_MS / 2 || clocks.value.some((c) => showsSeconds(c, reading.value, next)))) now.value = next
	}, 1000)
	onBeforeUnmount(() => {
		unsubscribe()
		clearTimeout(together)
		clearInterval(again)
		clearInterval(second)
		run++
	})

	const byObject = computed(() => {
		const all = new Map<string, Clock[]>()
		for (const c of clocks.value) all.set(c.object_id, [...(all.get(c.object_id) ?? []), c])
		return all
	})
	const remaining = (c: Clock) => remainingAt(c, reading.value, now.value)
	return { clocks, byObject, failed, loaded, remaining, load, soon }
}
