/* Demo data: whether there are any, loading and removing. One state for the banner and the system page; looked at again while a job works. */
import { computed, onBeforeUnmount, shallowRef } from 'vue'
import { client } from './api'
import { useSession } from './session'

export interface DemoRecord { record: string; rows: number }
export interface Demo {
	state: 'none' | 'loading' | 'present' | 'removing'
	rows: number
	done: number
	total: number
	records: DemoRecord[]
	last: { kind: string; at: number; data: { rows?: number; kept?: number } } | null
}
export interface Removal { record: string; goes: number; stays: number }

const AGAIN_MS = 700
const demo = shallowRef<Demo | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined
let watchers = 0

export async function lookAtDemo(): Promise<void> {
	clearTimeout(timer)
	demo.value = await client.get<Demo>('/demo')
	if (watchers && (demo.value.state === 'loading' || demo.value.state === 'removing')) timer = setTimeout(() => { void lookAtDemo().catch(() => {}) }, AGAIN_MS)
}

export const removal = () => client.get<{ records: Removal[] }>('/demo/removal')

export async function loadDemo(): Promise<void> {
	await client.post('/demo/load', {})
	await lookAtDemo()
}

export async function removeDemo(rows: number): Promise<void> {
	await client.post('/demo/remove', { rows })
	await lookAtDemo()
}

/* For whoever shows it, as long as it is shown; null before it is known, and for who may not know. */
export function useDemo() {
	const session = useSession()
	watchers++
	onBeforeUnmount(() => {
		if (--watchers === 0) clearTimeout(timer)
	})
	if (session.may('demo.read')) void lookAtDemo().catch(() => {})
	const percent = computed(() => (demo.value?.total ? Math.floor(demo.value.done * 100 / demo.value.total) : 0))
	return { demo, mayChange: computed(() => session.may('demo.change')), percent }
}
