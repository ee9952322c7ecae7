/* A queue as the page holds it: pages read one behind the other, moves shown at once and taken back where the server refuses them. */
import { ref, shallowRef, watch } from 'vue'
import type { Item } from '@shared/api/types'
import { t } from '@shared/i18n'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useHeard } from '../../app/use_fresh'
import { placed } from '../../definition/order'
import { usePages } from '../../list/use_pages'
import type { Place } from './why'

export type Of = 'mine' | 'team'
interface Answer { items: Item[]; places: Place[]; next: string | null; total: number; total_more: boolean; take_by?: 'skill' | 'order' | null; next_for_me?: string | null }

const PAGE = 50
const AGAIN_MS = 1_000

export function useQueue(of: () => Of, team: () => string) {
	const places = shallowRef(new Map<string, Place>())
	const total = ref({ n: 0, more: false })
	const taking = ref<{ by: 'skill' | 'order' | null; next: string | null }>({ by: null, next: null })

	/* Anew as much as is shown, so that nobody loses her place in it. */
	const limit = (after: string | undefined): number => (after ? PAGE : Math.min(200, Math.max(PAGE, items.value?.length ?? 0)))
	const { items, next, failed, load, more } = usePages((after: string | undefined) => client.get<Answer>('/queue', { of: of(), team_id: of() === 'team' ? team() : '', after, limit: limit(after) }), take)
	function take(got: Answer, added: boolean): void {
		places.value = new Map([...(added ? places.value : []), ...got.places.map((p) => [p.id, p] as const)])
		if (!added) taking.value = { by: got.take_by ?? null, next: got.next_for_me ?? null }
		total.value = { n: got.total, more: got.total_more }
	}

	const put = (id: string, body: object) => client.post<{ was: string; moved: number }>(`/ticket/${id}/${of() === 'mine' ? 'place' : 'order'}`, { ...(of() === 'team' && team() ? { team_id: team() } : {}), ...body })
	async function back(id: string, was: string): Promise<void> {
		await put(id, { was })
		await load()
	}
	async function move(from: number, to: number): Promise<void> {
		const before = items.value!
		const ticket = before[from]
		items.value = placed(before, from, to)
		try {
			const { was } = await put(ticket.id, to ? { behind_id: items.value[to - 1].id } : {})
			toast(t('queue.moved', { no: String(ticket.no) }), () => back(ticket.id, was))
			await load()
		} catch (error) {
			items.value = before
			toastError(error)
		}
	}
	async function release(ticket: Item): Promise<void> {
		try {
			const { was } = await put(ticket.id, { was: 'self' })
			toast(t('queue.released', { no: String(ticket.no) }), () => back(ticket.id, was))
			await load()
		} catch (error) { toastError(error) }
	}

	watch(() => [of(), team()], () => { items.value = null; void load() }, { immediate: true })
	useHeard(['view:ticket'], load, AGAIN_MS)
	return { items, places, next, total, taking, failed, load, more, move, release }
}
