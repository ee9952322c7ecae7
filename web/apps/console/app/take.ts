/* Takes the first ticket that waits for one's team, or the first that one knows, and opens it; from anywhere. Nothing waiting is no fault. */
import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from './api'
import { useSession } from './session'

export function useTake() {
	const router = useRouter()
	const session = useSession()
	const busy = ref(false)
	async function take(): Promise<void> {
		if (busy.value || !session.may('ticket.work')) return
		busy.value = true
		const from = router.currentRoute.value.fullPath
		try {
			const { ticket, outcome, run, ahead } = await client.post<{ ticket: Item | null; outcome: string; run: string; ahead: number }>('/queue/take', {})
			if (!ticket) return toast(t(outcome === 'away' ? 'queue.away' : 'queue.nothing'))
			await router.push(`/ticket/${ticket.id}`)
			toast(t(ahead ? 'queue.taken_skill' : 'queue.taken', { no: String(ticket.no), n: ahead }), !session.may('ticket.change') ? undefined : async () => {
				await client.post('/ticket/undo', { run })
				await router.push(from)
			})
		} catch (error) { toastError(error) } finally { busy.value = false }
	}
	return { take, busy }
}
