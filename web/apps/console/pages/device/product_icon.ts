/* The appliance icon of a device: hangs on its product's code. Products are few and read once. */
import { computed, ref, watchEffect } from 'vue'
import type { Item } from '@shared/api/types'
import { applianceIcon } from '@shared/icons/paths'
import { client } from '../../app/api'
import { isRef } from '../../record/fields'

const codes = ref(new Map<string, string>())
const asked = new Set<string>()

export function useProductIcon(device: () => Item | null) {
	watchEffect(async () => {
		const id = device()?.product_id as string | undefined
		if (!isRef(id) || asked.has(id)) return
		asked.add(id)
		try { codes.value.set(id, String((await client.one('product', id)).code)) } catch { asked.delete(id) }
	})
	return computed(() => applianceIcon(codes.value.get(String(device()?.product_id))))
}
