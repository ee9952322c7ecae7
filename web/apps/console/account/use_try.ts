/* Whether an account elsewhere works, tried now. */
import { ref } from 'vue'
import type { Label } from '@shared/i18n'
import { toastError } from '@shared/blocks/toast'
import { client } from '../app/api'

export interface Check { good: boolean; text: Label }

export function useTry(record: string, id: string) {
	const checks = ref<Check[] | null>(null)
	const trying = ref(false)
	async function tryIt(): Promise<void> {
		trying.value = true
		try {
			const said = await client.post<Check | { checks: Check[] }>(`/${record}/${id}/try`)
			checks.value = 'checks' in said ? said.checks : [said]
		} catch (error) { toastError(error) } finally { trying.value = false }
	}
	return { checks, trying, tryIt }
}
