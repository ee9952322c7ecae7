/*
 * A definition tried on what there is, before it is in force. What was found is of what was tried: it goes when the definition changes.
 * A fault of the definition is told to its page, which has the places for it.
 */
import { ref, shallowRef, watch } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'

/* settle: what is still being written comes in first; false: it cannot be tried as it stands. */
export function useTrial<T>(of: () => unknown, settle: () => Promise<boolean | void>, ask: () => Promise<T>, wrong: (error: ApiError) => void) {
	const found = shallowRef<T | null>(null)
	const failed = shallowRef<ApiError | null>(null)
	const busy = ref(false)
	watch(() => JSON.stringify(of()), () => { found.value = null })

	async function run(): Promise<void> {
		if (busy.value) return
		busy.value = true
		failed.value = null
		try {
			if (await settle() !== false) found.value = await ask()
		} catch (error) {
			const e = asApiError(error)
			if (e.fields.length) wrong(e)
			else failed.value = e
		} finally { busy.value = false }
	}
	return { found, failed, busy, run }
}
