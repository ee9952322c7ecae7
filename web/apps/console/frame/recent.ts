/*
 * What somebody had open last, for Ctrl K. Kept on this computer as addresses alone, no words: what stands there is asked anew, so
 * who lost the right to see it, or whoever signs in next, is told nothing.
 */
import { useRouter } from 'vue-router'
import type { Item } from '@shared/api/types'
import { client } from '../app/api'
import { useSession } from '../app/session'

const MOST = 6
const placeOf = () => `recent.${useSession().user?.id ?? ''}`

/* The address of one row of a record, or nothing. */
export function rowOf(path: string): [record: string, id: string] | null {
	const found = /^\/([a-z_]+)\/(\d+)$/.exec(path)
	return found ? [found[1], found[2]] : null
}

/* Newest first, each once. */
export function remembered(before: string[], path: string): string[] {
	return rowOf(path) ? [path, ...before.filter((one) => one !== path)].slice(0, MOST) : before
}

function read(): string[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(placeOf()) ?? '[]')
		return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : []
	} catch { return [] }
}

/* Remembers each row's page that is opened; returns what ends it. */
export function followRecent(): () => void {
	return useRouter().afterEach((to) => {
		try { localStorage.setItem(placeOf(), JSON.stringify(remembered(read(), to.path))) } catch { /* a browser that keeps nothing */ }
	})
}

/* Those that are still there and may be seen, without the page that is open. */
export async function recent(here: string): Promise<{ object: string; row: Item }[]> {
	const found = await Promise.all(read().filter((path) => path !== here).map(async (path) => {
		const [object, id] = rowOf(path)!
		try { return { object, row: await client.one(object, id) } } catch { return null }
	}))
	return found.filter((one) => one !== null)
}
