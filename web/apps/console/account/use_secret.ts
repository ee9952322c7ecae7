/* What opens an account elsewhere: it only goes in, with a new account or later by a button of its own, and is never shown again. */
import { computed, ref } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import { toast } from '@shared/blocks/toast'
import { client } from '../app/api'

/* asIs: a password may begin or end with a space. */
export function useSecret(record: string, names: string[], more: { asIs?: boolean } = {}) {
	const none = () => Object.fromEntries(names.map((name) => [name, '']))
	const values = ref<Record<string, string>>(none())
	const given = computed(() => Object.fromEntries(Object.entries(values.value).map(([name, value]) => [name, more.asIs ? value : value.trim()]).filter(([, value]) => value)))
	const isGiven = computed(() => Object.keys(given.value).length > 0)
	const wrong = ref<ApiError | null>(null)

	const send = async (id: string) => { if (isGiven.value) await client.post(`/${record}/${id}/secret`, given.value) }
	/* Whether it was kept. */
	async function keep(id: string, said: string): Promise<boolean> {
		wrong.value = null
		try { await send(id) } catch (error) {
			wrong.value = asApiError(error)
			return false
		}
		values.value = none()
		toast(said)
		return true
	}
	/* What no field says is said at the first. */
	const faultOf = (name: string) => wrong.value?.messageOf(name) ?? (name === names[0] && !wrong.value?.fields.length ? wrong.value?.message : undefined)
	return { values, isGiven, send, keep, faultOf }
}

export type Secret = ReturnType<typeof useSecret>
