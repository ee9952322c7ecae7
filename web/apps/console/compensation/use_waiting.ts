/* How many plans wait for this person's approval, for the rail: asked at once, and again when a plan changes. */
import { onBeforeUnmount, ref } from 'vue'
import { client, stream } from '../app/api'
import { useSession } from '../app/session'
import type { ViewCount } from '../list/views'
import { waitingFor } from './plan'

const AGAIN_MS = 1500

export function useWaiting() {
	const session = useSession()
	const waiting = ref('')
	const approves = session.may('compensation.approve') && session.mayDo('compensation', 'read')
	let timer: ReturnType<typeof setTimeout> | undefined

	async function count() {
		timer = undefined
		try {
			const got = await client.get<ViewCount>('/compensation/count', { condition: waitingFor.me })
			waiting.value = got.total ? `${got.total}${got.total_more ? '+' : ''}` : ''
		} catch { waiting.value = '' }
	}
	if (approves) {
		const soon = () => { timer ??= setTimeout(() => void count(), AGAIN_MS) }
		const unsubscribe = stream.subscribe('view:compensation', soon, { onGap: soon })
		onBeforeUnmount(() => { unsubscribe(); clearTimeout(timer) })
		void count()
	}
	return { approves, waiting }
}
