/* Elder mode of this phone: 20-px text, phone button always visible. A fact about the person's eyes: kept here, no sign-in. */
import { recall, remember } from '@shared/i18n'
import { ref, watchEffect } from 'vue'

export const elder = ref(recall('elder') === '1')

/* Keeps <html> in step; called once by main. */
export function applyElder(): void {
	watchEffect(() => {
		document.documentElement.toggleAttribute('data-elder', elder.value)
		remember('elder', elder.value ? '1' : '0')
	})
}
