/*
 * Who else has this row open and who is typing. Signals are not durable: everyone repeats "looking" twice a
 * minute, whoever is silent for 70 s is taken as gone.
 */
import { onBeforeUnmount, ref } from 'vue'
import type { Signal } from '@shared/api/types'
import { stream } from './api'
import { useSession } from './session'

export interface Person { id: string; name: string; typing: boolean; at: number }

const REPEAT_MS = 30_000
const GONE_MS = 70_000
const TYPING_MS = 4000

export function usePresence(record: string, id: string) {
	const session = useSession()
	const topic = `${record}:${id}`
	const people = ref<Person[]>([])
	let lastTyping = 0

	function take(signal: Signal): void {
		const user = signal.user
		if (!user || user.id === session.user?.id) return
		const known = people.value.find((p) => p.id === user.id)
		people.value = people.value.filter((p) => p.id !== user.id)
		if (signal.what === 'left') return
		people.value.push({ id: user.id, name: user.name, typing: signal.what === 'typing', at: Date.now() })
		/* A newcomer learns of us at once, not after half a minute. */
		if (!known) stream.signal(topic, 'looking')
	}
	function typing(): void {
		if (Date.now() - lastTyping < TYPING_MS / 2) return
		lastTyping = Date.now()
		stream.signal(topic, 'typing')
	}
	const sweep = setInterval(() => {
		const now = Date.now()
		people.value = people.value.filter((p) => now - p.at < GONE_MS).map((p) => ({ ...p, typing: p.typing && now - p.at < TYPING_MS }))
	}, 2000)
	const repeat = setInterval(() => { if (!document.hidden) stream.signal(topic, 'looking') }, REPEAT_MS)
	/* The line may not be up yet when the page opens by its address. */
	const hello = setTimeout(() => stream.signal(topic, 'looking'), 800)
	stream.signal(topic, 'looking')
	onBeforeUnmount(() => {
		clearInterval(sweep)
		clearInterval(repeat)
		clearTimeout(hello)
		stream.signal(topic, 'left')
	})
	return { people, take, typing }
}
