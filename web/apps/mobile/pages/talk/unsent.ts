/*
 * What she has written and the server does not have yet. It is kept on the phone, sent in the order in which it was written, and sent again it is
 * the same message.
 */
import { newKey } from '@shared/api/client'
import { asApiError } from '@shared/api/error'
import { ref } from 'vue'
import { get, keys, put, remove } from '../../lib/store'
import { isAway } from '../../my'

const AGAIN_MS = 5000

export interface Unsent { external_id: string; text: string; at: number; files?: string[]; refused?: string }

/* `say` gives one to the server; `said` is done once it is no longer among these. */
export function useUnsent(say: (one: Unsent) => Promise<void>, said: () => Promise<void>, signedOut: () => void) {
	const unsent = ref<Unsent[]>([])
	let sending = false
	let retry: ReturnType<typeof setTimeout> | undefined

	async function drop(one: Unsent) {
		unsent.value = unsent.value.filter((other) => other.external_id !== one.external_id)
		await remove(`talk:${one.external_id}`)
	}
	/* The first that does not go holds up the others; what is refused waits for her. */
	async function flush() {
		if (sending) return
		sending = true
		clearTimeout(retry)
		let one: Unsent | undefined
		try {
			while ((one = unsent.value.find((x) => !x.refused))) {
				await say(one)
				await drop(one)
				await said()
			}
		} catch (thrown) {
			const failed = asApiError(thrown)
			if (isAway(failed)) retry = setTimeout(() => void flush(), AGAIN_MS)
			else if (failed.status === 401) signedOut()
			else unsent.value = unsent.value.map((x) => (x.external_id === one?.external_id ? { ...x, refused: failed.message } : x))
		} finally {
			sending = false
		}
	}
	async function send(text: string, files: string[] = []) {
		const one: Unsent = { external_id: newKey(), text, at: Date.now(), files }
		unsent.value.push(one)
		await put(`talk:${one.external_id}`, one)
		await flush()
	}
	/* What was written before, ahead of what she writes while it is looked for. */
	async function restore() {
		const kept = await Promise.all((await keys('talk:')).map((key) => get<Unsent>(key)))
		const here = new Set(unsent.value.map((one) => one.external_id))
		unsent.value = [...kept.filter((one) => one !== null && !here.has(one.external_id)) as Unsent[], ...unsent.value].sort((a, b) => a.at - b.at)
		await flush()
	}
	return { unsent, send, drop, flush, restore, rest: () => clearTimeout(retry) }
}
