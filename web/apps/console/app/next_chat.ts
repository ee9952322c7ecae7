/* Takes the conversation that has waited longest and fits, and opens it; from anywhere. Nobody waiting is no fault. */
import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from './api'
import { useSession } from './session'

export function useNextChat() {
	const router = useRouter()
	const session = useSession()
	const busy = ref(false)
	async function take(): Promise<void> {
		if (busy.value || !session.may('conversation.work')) return
		busy.value = true
		try {
			const { conversation, outcome } = await client.post<{ conversation: Item | null; outcome: 'taken' | 'none' | 'full' }>('/desk/next', {})
			if (!conversation) return toast(t(outcome === 'full' ? 'desk.full' : 'desk.nothing'))
			await router.push(`/desk/${conversation.id}`)
		} catch (error) { toastError(error) } finally { busy.value = false }
	}
	return { take, busy }
}
