/* A ticket of a conversation in one step, with what is known filled in. The same matter once more is linked with the ticket there is. */
import { ref } from 'vue'
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { asApiError } from '@shared/api/error'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'

interface Made { ticket: Item; conversation: Item }

export function useTicket(id: string, take: (conversation: Item) => void) {
	const filing = ref(false)
	const post = (body: { ticket_id?: string }) => client.post<Made>(`/conversation/${id}/ticket`, body)

	async function makeTicket(): Promise<void> {
		if (filing.value) return
		filing.value = true
		try {
			let words = 'desk.ticket_made'
			const made = await post({}).catch((error: unknown) => {
				const e = asApiError(error)
				if (e.code !== 'open_ticket' || !e.arg) throw e
				words = 'desk.ticket_linked'
				return post({ ticket_id: e.arg })
			})
			take(made.conversation)
			toast(t(words, { no: String(made.ticket.no) }))
		} catch (error) { toastError(error) } finally { filing.value = false }
	}
	return { filing, makeTicket }
}
