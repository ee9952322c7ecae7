/* What a channel still allows to be sent to a customer, and what became of what was sent; asked again whenever the conversation says that something happened. */
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { pick, t, type Label } from '@shared/i18n'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useAsked } from '../../app/use_asked'

export type SentState = 'waiting' | 'sending' | 'sent' | 'arrived' | 'unsure' | 'sms' | 'call' | 'failed'
/* Of a channel without limits nothing but the messages is known. */
export interface Reach { limited: boolean; account: string; left: number; most: number; until: number; open: boolean; following: boolean; fallback: 'sms' | 'call'; session: number; messages: { no: number; state: SentState; code: number; why: Label | null }[] }

/* Channels that carry answers to where we do not see them read. */
const CARRIED = new Set(['wechat', 'wecom', 'mail', 'sms'])
const TICK_MS = 30_000

export function useReach(id: string, channel: () => string) {
	const reach = shallowRef<Reach | null>(null)
	const now = ref(Date.now())
	const asked = useAsked(0, () => client.get<Reach>(`/conversation/${id}/reach`), (answer) => { reach.value = answer }, toastError)
	const load = async () => { if (CARRIED.has(channel())) await asked.now() }
	const of = (no: number) => reach.value?.messages.find((m) => m.no === no)
	const stateOf = (no: number): SentState | undefined => of(no)?.state
	/* WeChat says that it has it; others have only taken it to carry on. */
	const wordOf = (no: number): string => (stateOf(no) === 'sent' && !['wechat', 'wecom'].includes(channel()) ? t('reach.state_given') : t(`reach.state_${stateOf(no)}`))
	const whyOf = (no: number): string => (of(no)?.why ? pick(of(no)!.why!) : '')
	async function repeat(no: number): Promise<void> {
		try { await client.post(`/conversation/${id}/reach/${no}/repeat`) } catch (error) { toastError(error) }
		await load()
	}
	let timer: ReturnType<typeof setInterval>
	onMounted(() => { timer = setInterval(() => { now.value = Date.now() }, TICK_MS) })
	onBeforeUnmount(() => clearInterval(timer))
	return { reach, now, load, stateOf, wordOf, whyOf, repeat }
}
