/* Elder mode of this browser: a fact about the person, so it stays on the phone and needs no sign-in. */
import { recall, remember } from '@shared/i18n'
import { reactive, watchEffect } from 'vue'

export const settings = reactive({ elder: recall('elder') === '1' })

/* Keeps <html> in step; called once by main. */
export function applySettings(): void {
	watchEffect(() => {
		document.documentElement.toggleAttribute('data-elder', settings.elder)
		remember('elder', settings.elder ? '1' : '0')
	})
}
