/* Which device a conversation is about, said by who has it: at once, taken back like other changes. Where a colleague said something else meanwhile, both are shown; what
 * comes meanwhile otherwise, a message or a mark, is no other opinion. */
import { ref, shallowRef } from 'vue'
import { t } from '@shared/i18n'
import { asApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { toast, toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { titleOf } from '../../record/title'

export interface Clash { mine: Record<string, unknown>; base: Item; theirs: Item }
const TRIES = 4

/* The row as it is then; or as somebody else made it, where another device stands there than `stands`. */
export async function patchWhile(stands: unknown, values: Record<string, unknown>, from: Item): Promise<{ next: Item } | { theirs: Item }> {
	for (let n = 1; ; n++)
		try {
			return { next: await client.patch<Item>(`/conversation/${from.id}`, { ...values, version: from.version }) }
		} catch (error) {
			if (asApiError(error).code !== 'version_conflict' || n === TRIES) throw error
			from = await client.one('conversation', from.id)
			if ((from.device_id ?? null) !== (stands ?? null)) return { theirs: from }
		}
}

export function useDevice(item: () => Item, take: (next: Item) => void) {
	const busy = ref(false)
	const clash = shallowRef<Clash | null>(null)

	async function back(before: Item, made: Item): Promise<void> {
		const done = await patchWhile(made.device_id, { device_id: before.device_id ?? null, product_id: before.product_id ?? null }, made)
		take('next' in done ? done.next : done.theirs)
		if ('theirs' in done) toast(t('talk_device.changed'))
	}
	async function put(before: Item, device: string | null, title: string): Promise<void> {
		const done = await patchWhile(before.device_id, { device_id: device }, before)
		take('next' in done ? done.next : done.theirs)
		if ('next' in done) toast(t('record.saved'), () => back(before, done.next))
		else if (done.theirs.device_id !== device) clash.value = { mine: { device_id: device, titles: { device_id: title } }, base: before, theirs: done.theirs }
	}
	async function run(work: () => Promise<void>): Promise<void> {
		if (busy.value) return
		busy.value = true
		try { await work() } catch (error) { toastError(error) } finally { busy.value = false }
	}
	const choose = (device: Item | null) => run(async () => {
		clash.value = null
		await put(item(), device?.id ?? null, device ? titleOf(device) : '')
	})
	/* What was chosen of the two: the other's stands already. */
	const settle = (values: Record<string, unknown>) => run(async () => {
		const { mine, theirs } = clash.value!
		clash.value = null
		if ((values.device_id ?? null) === mine.device_id) await put(theirs, mine.device_id as string | null, String((mine.titles as Record<string, string>).device_id))
	})
	return { busy, clash, choose, settle }
}
