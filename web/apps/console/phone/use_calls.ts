/* Calls at my own extension, that ring or are spoken, with who it may be. */
import { shallowRef } from 'vue'
import type { Item } from '@shared/api/types'
import { client } from '../app/api'
import { useFresh } from '../app/use_fresh'
import { soundOnce } from '../app/sound'

export interface Known { customer: Item; devices: { id: string; serial: string; model: string }[]; tickets: { id: string; no: string; title: string; state: string }[] }
/* `known`: the number has been shown to be that customer's; else `customers` are those who gave it, as a hint. */
export interface Call { call: Item; known: boolean; customers: Known[] }

const SOON_MS = 300
const ASK_AGAIN_MS = 30_000

export function useCalls() {
	const calls = shallowRef<Call[]>([])
	async function load(): Promise<void> {
		calls.value = (await client.get<{ items: Call[] }>('/phone/mine')).items
		for (const one of calls.value) if (one.call.state === 'ringing' && one.call.direction === 'in') void soundOnce(`call.${one.call.id}`)
	}
	const ask = useFresh(load, { topics: ['view:phone_call'], soonMs: SOON_MS, everyMs: ASK_AGAIN_MS, asleep: () => false })
	return { calls, ask }
}
