/* The lists of the desk: whose answer is awaited, who waits in the queue, what has just ended; kept true by live events. */
import { computed, ref, shallowRef } from 'vue'
import type { Condition, Item } from '@shared/api/types'
import { asApiError, type ApiError } from '@shared/api/error'
import { client } from '../../app/api'
import { useSession } from '../../app/session'
import { useHeard } from '../../app/use_fresh'

export type Tab = 'mine' | 'queue' | 'team' | 'bot'
const MOST = 100
const ENDED = 10
const SOON_MS = 200

export interface Group { name: 'owed' | 'waiting' | 'others' | 'ended'; items: Item[] }

export const isOwed = (k: Item) => Boolean(k.waiting_since)
export const unreadOf = (k: Item) => Math.max(0, Number(k.last_no) - Number(k.staff_no))
/* Whoever has waited longest stands first. */
const byWait = (a: Item, b: Item) => Number(a.waiting_since) - Number(b.waiting_since)

/* What a tab shows, under heads that say what is to be done. */
export function grouped(tab: Tab, live: Item[], ended: Item[]): Group[] {
	const owed = live.filter(isOwed).sort(byWait)
	const rest = live.filter((k) => !isOwed(k))
	const groups: Group[] = tab === 'queue' ? [{ name: 'waiting', items: owed.concat(rest) }]
		: [{ name: 'owed', items: owed }, { name: 'others', items: rest }, { name: 'ended', items: ended }]
	return groups.filter((g) => g.items.length)
}

export function useDesk(tab: () => Tab) {
	const session = useSession()
	const live = shallowRef<Item[] | null>(null)
	const ended = shallowRef<Item[]>([])
	const counts = ref<Record<Tab, number>>({ mine: 0, queue: 0, team: 0, bot: 0 })
	const failed = shallowRef<ApiError | null>(null)
	let run = 0

	const me = computed(() => session.user?.id ?? '')
	const filters: Record<Tab, () => Condition[]> = {
		mine: () => [['owner_id', '=', me.value], ['state', '=', 'active']],
		queue: () => [['state', '=', 'waiting']],
		team: () => [['state', '=', 'active']],
		bot: () => [['state', '=', 'bot']],
	}
	const list = (filter: Condition[], limit: number) => client.list('conversation', { filter, sort: '-last_at', limit, total: true })

	async function load(): Promise<void> {
		const mine = ++run
		const now = tab()
		try {
			const [pages, over] = await Promise.all([
				Promise.all((Object.keys(filters) as Tab[]).map(async (name) => [name, await list(filters[name](), name === now ? MOST : 1)] as const)),
				now === 'mine' ? list([['owner_id', '=', me.value], ['state', '=', 'closed']], ENDED) : null,
			])
			if (mine !== run) return
			for (const [name, page] of pages) counts.value[name] = page.total ?? page.items.length
			live.value = pages.find(([name]) => name === now)![1].items
			ended.value = over?.items ?? []
			failed.value = null
		} catch (error) { if (mine === run) failed.value = asApiError(error) }
	}
	const groups = computed(() => grouped(tab(), live.value ?? [], ended.value))
	useHeard(['view:conversation'], () => void load(), SOON_MS)
	return { live, groups, counts, failed, load }
}
