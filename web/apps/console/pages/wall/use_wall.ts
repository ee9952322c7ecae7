/*
 * The figures of the wall. Whoever sees all that a sum counts gets them with the sums, in one answer that the server makes once for everybody
 * who may see as much; for others they are counts and short lists of tickets, asked as any list is. Asked anew when something happened, and every minute, since time alone makes promises late.
 */
import { ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { client } from '../../app/api'
import { useFresh } from '../../app/use_fresh'
import { useSession } from '../../app/session'
import type { ViewCount } from '../../list/views'
import { useLoad } from './use_load'

const OPEN = 'state in (new, accepted, working, waiting_customer)'
const conditions = {
	waiting: 'first_response_at is none and state in (new, accepted, working)',
	breached: `${OPEN} and next_due_at < now`,
	critical: `${OPEN} and grade = critical`,
	soon: `${OPEN} and next_due_at >= now and next_due_at < now + 60min`,
	unowned: `${OPEN} and owner_id is none`,
} as const
type Figure = keyof typeof conditions
const figureNames = Object.keys(conditions) as Figure[]
export const conditionOf = (name: Figure) => conditions[name]

export const WORST = 20
export const MINUTES = 60
const AGAIN_MS = 5_000
const MINUTE_MS = 60_000

/* How many come due in each of the next sixty minutes. */
export function byMinute(items: Item[], now: number): number[] {
	const counts = new Array<number>(MINUTES).fill(0)
	for (const item of items) {
		const minute = Math.floor((Number(item.next_due_at) - now) / MINUTE_MS)
		if (minute >= 0 && minute < MINUTES) counts[minute]++
	}
	return counts
}

const count = (condition: string) => client.get<ViewCount>('/ticket/count', { condition })

export function useWall() {
	const figures = ref<Partial<Record<Figure, ViewCount>>>({})
	const longest = ref<{ ticket: string; since: number } | null>(null)
	const worst = ref<Item[]>([])
	const minutes = ref<number[]>([])
	const { load, failed: loadFailed, read: readLoad } = useLoad()
	const now = ref(Date.now())
	const asked = ref(false)
	const failed = shallowRef<ApiError | null>(null)

	async function readLists() {
		const [counts, first, late, next] = await Promise.all([
			Promise.all(figureNames.map((name) => count(conditions[name]))),
			client.list('ticket', { condition: conditions.waiting, sort: 'created_at', limit: 1 }),
			client.list('ticket', { condition: conditions.breached, sort: 'next_due_at', limit: WORST }),
			client.list('ticket', { condition: conditions.soon, sort: 'next_due_at', limit: 200 }),
		])
		figures.value = Object.fromEntries(figureNames.map((name, i) => [name, counts[i]]))
		longest.value = first.items[0] ? { ticket: first.items[0].id, since: Number(first.items[0].created_at) } : null
		worst.value = late.items
		minutes.value = byMinute(next.items, Date.now())
	}
	const may = useSession().may('wall.read')
	async function readAll() {
		if (!may) return
		try {
			await readLoad()
			const sums = load.value?.figures
			if (sums) {
				figures.value = Object.fromEntries(figureNames.map((name) => [name, { total: sums[name] }]))
				longest.value = load.value?.longest ?? null
				worst.value = load.value?.worst ?? []
				minutes.value = load.value?.minutes ?? []
			} else if (load.value) await readLists()
			failed.value = null
		} catch (error) { failed.value = asApiError(error) }
		now.value = Date.now()
		asked.value = true
	}
	const read = useFresh(readAll, { topics: ['view:ticket'], soonMs: AGAIN_MS, everyMs: MINUTE_MS })
	return { figures, longest, worst, load, loadFailed, minutes, now, asked, failed, read }
}
