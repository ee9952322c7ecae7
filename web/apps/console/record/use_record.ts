/* One row, kept fresh: read by id, read again when an event says that it changed, and after a gap of the stream, in which events are missed. */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item, Signal, StreamEvent } from '@shared/api/types'
import { client, stream } from '../app/api'

export function useRecord(record: string, id: string, more: { onEvent?: (e: StreamEvent) => void; onGap?: () => void; onSignal?: (s: Signal) => void } = {}) {
	const item = ref<Item | null>(null)
	const failed = shallowRef<ApiError | null>(null)

	async function load(): Promise<void> {
		failed.value = null
		try { take(await client.one(record, id)) } catch (error) { failed.value = asApiError(error) }
	}
	/* An older answer never overwrites a newer one. */
	function take(next: Item): void {
		if (!item.value || (next.version ?? 0) >= (item.value.version ?? 0)) item.value = next
	}
	const unsubscribe = stream.subscribe(`${record}:${id}`, (event) => {
		void load()
		more.onEvent?.(event)
	}, { onGap: () => { void load(); more.onGap?.() }, onSignal: more.onSignal })
	onBeforeUnmount(unsubscribe)
	void load()
	return { item, failed, load, take }
}
