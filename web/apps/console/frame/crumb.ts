/* The second half of the place line in the top bar; a detail page sets it once it knows its object. */
import { onBeforeUnmount, ref, watchEffect } from 'vue'

export const crumb = ref('')

export function useCrumb(text: () => string | undefined): void {
	watchEffect(() => {
		crumb.value = text() ?? ''
	})
	onBeforeUnmount(() => { crumb.value = '' })
}
