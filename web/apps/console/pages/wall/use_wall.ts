/*
 * The figures of the wall: counts and short lists of tickets, asked as any list is, so whoever looks sees what he may see and no more.
 * Asked anew when something happened, and every minute, since time alone makes promises late.
 */
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { client, stream } from '../../app/api'
import { useSession } from '../../app/session'
import type { ViewCount } from '../../list/views'

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

export interface Queue { id: string; name: string; open: ViewCount; late: ViewCount }

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

async function readQueues(): Promise<Queue[]> {
	if (!useSession().mayDo('team', 'read')) return []
	const teams = (await client.list('team', { limit: WORST })).items
	const queues = await Promise.all(teams.map(async (team) => ({
		id: team.id, name: String(team.name), open: await count(`team_id = ${team.id} and ${OPEN}`), late: await count(`team_id = ${team.id} and ${conditions.breached}`),
	})))
	return queues.sort((a, b) => b.late.total - a.late.total || b.open.total - a.open.total)
}

export function useWall() {
	const figures = ref<Partial<Record<Figure, ViewCount>>>({})
	const longest = ref<Item | null>(null)
	const worst = ref<Item[]>([])
	const soon = ref<Item[]>([])
	const queues = ref<Queue[]>([])
	const now = ref(Date.now())
	const asked = ref(false)
	const failed = shallowRef<ApiError | null>(null)

	async function read() {
		try {
			const [counts, first, late, next, teams] = await Promise.all([
				Promise.all(figureNames.map((name) => count(conditions[name]))),
				client.list('ticket', { condition: conditions.waiting, sort: 'created_at', limit: 1 }),
				client.list('ticket', { condition: conditions.breached, sort: 'next_due_at', limit: WORST }),
				client.list('ticket', { condition: conditions.soon, sort: 'next_due_at', limit: 200 }),
				readQueues(),
			])
			figures.value = Object.fromEntries(figureNames.map((name, i) => [name, counts[i]]))
			longest.value = first.items[0] ?? null
			worst.value = late.items
			soon.value = next.items
			queues.value = teams
			failed.value = null
		} catch (error) { failed.value = asApiError(error) }
		now.value = Date.now()
		asked.value = true
	}
	const everyMinute = setInterval(() => void read(), MINUTE_MS)
	let again: ReturnType<typeof setTimeout> | undefined
	const shortly = () => { again ??= setTimeout(() => { again = undefined; void read() }, AGAIN_MS) }
	const unsubscribe = stream.subscribe('view:ticket', shortly, { onGap: shortly })
	onBeforeUnmount(() => { unsubscribe(); clearInterval(everyMinute); clearTimeout(again) })
	void read()
	const minutes = computed(() => byMinute(soon.value, now.value))
	return { figures, longest, worst, soon, queues, minutes, now, asked, failed, read }
}
