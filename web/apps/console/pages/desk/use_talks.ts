/* What else the same customer said, over all channels: asked for again when it becomes another customer's, and with each message while nobody is sure who she is. */
import { shallowRef, watch } from 'vue'
import type { Item } from '@shared/api/types'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useAsked } from '../../app/use_asked'

export interface Talk { conversation: Item; seconds: number }
/* whole false: of a name that nobody has proven, what came by that name alone. */
interface Talks { whole: boolean; more: boolean; items: Talk[] }

export function useTalks(id: string, customer: () => string, no: () => number) {
	const talks = shallowRef<Talk[]>([])
	const whole = shallowRef(true)
	const more = shallowRef(false)
	const read = (after?: string) => client.get<Talks>(`/conversation/${id}/talks`, after ? { after } : {})
	/* It is a help: without it there is still the conversation. */
	const asked = useAsked(0, () => read(), (found) => {
		talks.value = found.items
		whole.value = found.whole
		more.value = found.more
	})
	async function older(): Promise<void> {
		try {
			const found = await read(talks.value.at(-1)?.conversation.id)
			talks.value = [...talks.value, ...found.items]
			more.value = found.more
		} catch (error) { toastError(error) }
	}
	watch(() => [customer(), no()] as const, ([now], before) => { if (before?.[0] !== now || !whole.value) void asked.now() }, { immediate: true })
	return { talks, whole, more, older }
}
