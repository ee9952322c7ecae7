/* What the browser keeps for a company: the visitor's token, and what the server does not have yet. Without storage it lasts as long as the page. */
import type { Said, Unsent } from './contract'

/* begun: the server knows the visitor by this token. */
export interface Kept { token: string; unsent: Unsent[]; said?: Said; begun?: boolean }

export function keeper(company: string) {
	const place = `anxin.chat.${company}`
	let memory: Kept = { token: '', unsent: [] }
	try {
		memory = { ...memory, ...JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Kept> }
	} catch { /* storage is refused, or holds what is not ours */ }
	return {
		get: () => memory,
		put(change: Partial<Kept>) {
			memory = { ...memory, ...change }
			try { localStorage.setItem(place, JSON.stringify(memory)) } catch { /* as above */ }
		},
	}
}

/* For names of messages; a page that is not secure has no randomUUID. */
export function newName(): string {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('')
}
