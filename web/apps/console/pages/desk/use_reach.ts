/* What a channel still allows to be sent to a customer, and what became of what was sent; asked again whenever the conversation says that something happened. */
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'

export type SentState = 'waiting' | 'sending' | 'sent' | 'unsure' | 'sms' | 'call' | 'failed'
export interface Reach { limited: boolean; account: string; left: number; most: number; until: number; open: boolean; following: boolean; fallback: 'sms' | 'call'; messages: { no: number; state: SentState; code: number }[] }

const LIMITED = new Set(['wechat', 'wecom'])
const TICK_MS = 30_000

export function useReach(id: string, channel: () => string) {
	const reach = shallowRef<Reach | null>(null)
	const now = ref(Date.now())
	async function load(): Promise<void> {
		if (!LIMITED.has(channel())) return
		try {
			const found = await client.get<Reach>(`/conversation/${id}/reach`)
			reach.value = found.limited ? found : null
		} catch (error) { toastError(error) }
	}
	const stateOf = (no: number): SentState | undefined => reach.value?.messages.find((m) => m.no === no)?.state
	async function repeat(no: number): Promise<void> {
		try { await client.post(`/conversation/${id}/reach/${no}/repeat`) } catch (error) { toastError(error) }
		await load()
	}
	let timer: ReturnType<typeof setInterval>
	onMounted(() => { timer = setInterval(() => { now.value = Date.now() }, TICK_MS) })
	onBeforeUnmount(() => clearInterval(timer))
	return { reach, now, load, stateOf, repeat }
}
