/* How many plans wait for this person's approval, for the rail: asked at once, and again when a plan changes. */
import { ref } from 'vue'
import { client } from '../app/api'
import { useHeard } from '../app/use_fresh'
import { useSession } from '../app/session'
import type { ViewCount } from '../list/views'
import { waitingFor } from './plan'

const AGAIN_MS = 1500

export function useWaiting() {
	const session = useSession()
	const waiting = ref('')
	const approves = session.may('compensation.approve') && session.mayDo('compensation', 'read')

	async function count() {
		try {
			const got = await client.get<ViewCount>('/compensation/count', { condition: waitingFor.me })
			waiting.value = got.total ? `${got.total}${got.total_more ? '+' : ''}` : ''
		} catch { waiting.value = '' }
	}
	if (approves) {
		useHeard(['view:compensation'], () => void count(), AGAIN_MS)
		void count()
	}
	return { approves, waiting }
}
