/*
 * What waits to be sent: reports and added facts, with their photos, on the phone until the server has acknowledged them.
 * Promises: nothing that `enqueue` accepted is lost by closing the page; a message is sent at most once, because the
 * Idempotency-Key is made here, before the first try. A message the server refuses stays, with the reason, for the person to mend.
 */
import { computed, reactive } from 'vue'
import type { Ticket } from './contract'
import { get, keys, put, remove } from './lib/store'
import { isUp, type Part, uploadPart } from './lib/part'
import * as my from './my'
import { ApiError, isAway } from './my'

export interface Waiting {
	key: string
	path: string
	scene: string | null // of a report, to mend it in its form
	body: Record<string, unknown>
	parts: Part[] // body.file_ids is filled from them when all are up
	proof: Part | null
	created_at: number
	refusal: { code: string; message: string } | null
}

export type Sent = { kind: 'sent'; ticket: Ticket } | { kind: 'waiting' } | { kind: 'signed_out' } | { kind: 'refused'; error: ApiError }

export const outbox = reactive({ items: [] as Omit<Waiting, 'parts' | 'proof' | 'body'>[], sending: false })
export const unsent = computed(() => outbox.items.filter((item) => !item.refusal))
export const refused = computed(() => outbox.items.filter((item) => item.refusal))

const storeKey = (key: string) => `outbox:${key}`

export async function refresh(): Promise<void> {
	const found = await Promise.all((await keys('outbox:')).map((key) => get<Waiting>(key)))
	outbox.items = found
		.filter((item) => item !== null)
		.sort((a, b) => a.created_at - b.created_at)
		.map(({ key, path, scene, created_at, refusal }) => ({ key, path, scene, created_at, refusal }))
}

async function uploadAll(item: Waiting): Promise<void> {
	for (const part of [...item.parts, ...(item.proof ? [item.proof] : [])]) {
		if (isUp(part)) continue
		await uploadPart(part, () => undefined)
		await put(storeKey(item.key), item)
	}
	if ('file_ids' in item.body) item.body.file_ids = item.parts.map((part) => part.upload.id)
	const proof = item.body.proof as { file_id: string | null } | null | undefined
	if (proof && item.proof) proof.file_id = item.proof.upload.id
}

async function sendOne(item: Waiting): Promise<Sent> {
	try {
		await uploadAll(item)
		const ticket = await my.send(item.path, item.body, item.key)
		await remove(storeKey(item.key))
		return { kind: 'sent', ticket }
	} catch (error) {
		if (isAway(error)) return { kind: 'waiting' }
		if (!(error instanceof ApiError)) throw error
		if (error.status === 401) return { kind: 'signed_out' } // kept; sent after the next sign-in
		item.refusal = { code: error.code, message: error.message }
		await put(storeKey(item.key), item)
		return { kind: 'refused', error }
	} finally {
		await refresh()
	}
}

/* One sender at a time: two would race on the same upload. */
let turn: Promise<unknown> = Promise.resolve()
function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const next = turn.then(work, work)
	turn = next.catch(() => undefined)
	return next
}

/* Keeps the message, then tries it at once. */
export async function enqueue(item: Waiting): Promise<Sent> {
	await put(storeKey(item.key), item)
	await refresh()
	return inTurn(() => sendOne(item))
}

/* Tries everything that waits; called when the network is back, when the page is shown again, and by the bar. */
export function flush(): Promise<void> {
	return inTurn(async () => {
		outbox.sending = true
		try {
			for (const { key } of unsent.value) {
				const item = await get<Waiting>(storeKey(key))
				if (!item) continue
				const { kind } = await sendOne(item)
				if (kind === 'waiting' || kind === 'signed_out') break
			}
		} finally {
			outbox.sending = false
		}
	})
}

export async function drop(key: string): Promise<void> {
	await remove(storeKey(key))
	await refresh()
}

/* Takes a refused report back, so that its form can show it again. */
export async function takeBack(key: string): Promise<Waiting | null> {
	const item = await get<Waiting>(storeKey(key))
	if (item) await drop(key)
	return item
}

const RETRY_MS = 30_000

/* Called once by main. */
export function watchNetwork(): void {
	const go = () => {
		if (unsent.value.length > 0 && !outbox.sending) void flush()
	}
	window.addEventListener('online', go)
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'visible') go()
	})
	window.setInterval(go, RETRY_MS)
	void refresh().then(go)
}
