/* What was said in one conversation, by number: the newest page first, older ones on demand, what comes asked for from the last number on. */
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import { client } from '../../app/api'

export interface Carried { id: string; name: string; type: string; size: number; thumbnail: boolean }
export interface Message { no: number; id: string; at: number; actor: { kind: string; id?: string; name?: string }; visibility: 'public' | 'internal' | 'whisper'; text: string; files: Carried[] }
/* dangers: numbers of all messages of the conversation that sounded so; a mark comes later than its message. */
interface Page { items: Message[]; more: boolean; dangers: number[] }

/* Above the last number there is, so that the first page is the newest. */
const NEWEST = 1_000_000_000

export function useThread(id: string) {
	const messages = shallowRef<Message[] | null>(null)
	const older = ref(false)
	const failed = shallowRef<ApiError | null>(null)
	const dangers = shallowRef<number[]>([])
	let asking: Promise<void> | null = null

	const last = computed(() => messages.value?.at(-1)?.no ?? 0)
	async function read(query: { after?: number; before?: number }): Promise<Page> {
		const page = await client.call<'GET /conversation/{id}/message', Page>('GET /conversation/{id}/message', { path: { id }, query })
		dangers.value = page.dangers
		return page
	}

	async function load(): Promise<void> {
		failed.value = null
		try {
			const page = await read({ before: NEWEST })
			messages.value = page.items
			older.value = page.more
		} catch (error) { failed.value = asApiError(error) }
	}
	async function back(): Promise<void> {
		try {
			const page = await read({ before: messages.value?.[0]?.no ?? NEWEST })
			messages.value = [...page.items, ...(messages.value ?? [])]
			older.value = page.more
		} catch (error) { failed.value = asApiError(error) }
	}
	async function ask(): Promise<void> {
		for (let more = true; more && messages.value;) {
			const page = await read({ after: last.value })
			messages.value = [...messages.value, ...page.items.filter((one) => one.no > last.value)]
			more = page.more
		}
	}
	/* One asking at a time; what is heard meanwhile is asked for afterwards. */
	async function newer(): Promise<void> {
		if (!messages.value) return
		await asking
		asking = ask().catch(() => undefined).finally(() => { asking = null })
		await asking
	}
	/* The owner has it before her: the customer sees that it was read. */
	let told = 0
	async function mark(): Promise<void> {
		if (document.hidden || last.value <= told) return
		const no = told = last.value
		try { await client.post(`/conversation/${id}/read`, { no }) } catch { told = 0 }
	}
	const seen = () => void mark()
	onMounted(() => document.addEventListener('visibilitychange', seen))
	onBeforeUnmount(() => document.removeEventListener('visibilitychange', seen))
	return { messages, dangers, older, failed, last, load, back, newer, mark }
}
