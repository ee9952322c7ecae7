/*
 * A list that is read page behind page: what has come so far, where it goes on, what went wrong. Of several askings at once the
 * last one counts: a page that comes late is not added to what is shown by then.
 * `took` is told of each page that counts, and whether it was added to what stood there.
 */
import { ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'

export interface Part<T, K> { items: T[]; next: K | null }

export function usePages<T, K, P extends Part<T, K>>(ask: (after: K | undefined) => Promise<P & Part<T, K>>, took: (page: P, added: boolean) => void = () => {}) {
	const items = shallowRef<T[] | null>(null)
	const next = shallowRef<K | null>(null)
	const failed = shallowRef<ApiError | null>(null)
	const busy = ref(false)
	let run = 0

	async function load(after?: K): Promise<void> {
		const mine = ++run
		const added = after !== undefined
		busy.value = true
		failed.value = null
		try {
			const page = await ask(after)
			if (mine !== run) return
			items.value = added ? [...(items.value ?? []), ...page.items] : page.items
			next.value = page.next
			took(page, added)
		} catch (error) { if (mine === run) failed.value = asApiError(error) } finally { if (mine === run) busy.value = false }
	}
	const more = () => load(next.value ?? undefined)
	return { items, next, failed, busy, load: () => load(), more }
}
