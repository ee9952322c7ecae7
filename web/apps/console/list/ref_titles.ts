/* Names for the references in conditions: chosen here, or asked once by id. */
import { ref, watch, type ComputedRef } from 'vue'
import type { Condition, Field } from '@shared/api/types'
import { client } from '../app/api'
import { titleOf } from '../record/title'

export function useRefTitles(filter: ComputedRef<Condition[]>, fields: () => Field[]) {
	const titles = ref(new Map<string, string>())
	const asked = new Set<string>()

	function note(field: Field, id: string, title: string) {
		titles.value.set(`${field.to}:${id}`, title)
	}
	watch(() => [filter.value, fields()] as const, ([conditions, all]) => {
		for (const [name, , value] of conditions) {
			const field = all.find((f) => f.name === name)
			if (field?.type !== 'ref' || !field.to) continue
			for (const id of Array.isArray(value) ? value : [value]) void ask(field, String(id))
		}
	}, { immediate: true })

	async function ask(field: Field, id: string) {
		const key = `${field.to}:${id}`
		if (asked.has(key) || titles.value.has(key) || !/^[1-9]\d*$/.test(id)) return
		asked.add(key)
		try { titles.value.set(key, titleOf(await client.one(field.to!, id))) } catch { /* the id itself is shown */ }
	}
	return { titles, note }
}
