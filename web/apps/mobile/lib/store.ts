/*
 * A small key-value store on IndexedDB: drafts and reports that wait for the network, photos included.
 * Promises that what `put` resolved survives closing the page. Where the browser refuses IndexedDB (private windows of
 * old WebViews) the values live in memory only; the page then works, but nothing survives.
 */
import { toRaw } from 'vue'

const memory = new Map<string, unknown>()
let opened: Promise<IDBDatabase | null> | null = null

function open(): Promise<IDBDatabase | null> {
	opened ??= new Promise((resolve) => {
		try {
			const request = indexedDB.open('anxin_my', 1)
			request.onupgradeneeded = () => request.result.createObjectStore('kept')
			request.onsuccess = () => resolve(request.result)
			request.onerror = () => resolve(null)
		} catch {
			resolve(null)
		}
	})
	return opened
}

async function run<T>(mode: IDBTransactionMode, work: (kept: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
	const db = await open()
	if (!db) return null
	return new Promise((resolve, reject) => {
		const transaction = db.transaction('kept', mode)
		const request = work(transaction.objectStore('kept'))
		transaction.oncomplete = () => resolve(request.result)
		transaction.onabort = () => reject(transaction.error ?? new Error('not stored'))
	})
}

/* IndexedDB refuses Vue's proxies: a copy without them; files stay files. */
function plain(value: unknown): unknown {
	const raw = toRaw(value)
	if (Array.isArray(raw)) return raw.map(plain)
	if (raw === null || typeof raw !== 'object' || raw instanceof Blob) return raw
	return Object.fromEntries(Object.entries(raw).map(([name, part]) => [name, plain(part)]))
}

export async function put(key: string, value: unknown): Promise<void> {
	const copy = plain(value)
	if ((await open()) === null) memory.set(key, copy)
	else await run('readwrite', (kept) => kept.put(copy, key))
}

export async function get<T>(key: string): Promise<T | null> {
	if ((await open()) === null) return (memory.get(key) as T) ?? null
	return ((await run('readonly', (kept) => kept.get(key))) as T) ?? null
}

export async function remove(key: string): Promise<void> {
	if ((await open()) === null) memory.delete(key)
	else await run('readwrite', (kept) => kept.delete(key))
}

export async function keys(prefix: string): Promise<string[]> {
	if ((await open()) === null) return [...memory.keys()].filter((key) => key.startsWith(prefix))
	const all = (await run('readonly', (kept) => kept.getAllKeys())) ?? []
	return all.map(String).filter((key) => key.startsWith(prefix))
}
