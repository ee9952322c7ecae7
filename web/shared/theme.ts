/*
 * Theme and platform marks on <html>: data-theme (the person's choice, else the system's), data-weights for the
 * weight of strong text, data-app for the type scale. Follows the system while nobody has chosen.
 */
import { ref } from 'vue'
import { recall, remember } from './i18n'

export type Theme = 'system' | 'light' | 'dark'
export const theme = ref<Theme>('system')
const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null

function paint(): void {
	const now = theme.value === 'system' ? (dark?.matches ? 'dark' : 'light') : theme.value
	document.documentElement.dataset.theme = now
}

export function chooseTheme(next: Theme): void {
	theme.value = next
	remember('theme', next)
	paint()
}

/* True when 500 is drawn as 400: then Latin letters of both are equally wide. */
function hasTwoWeights(): boolean {
	const pen = document.createElement('canvas').getContext?.('2d')
	if (!pen) return false
	const font = getComputedStyle(document.documentElement).getPropertyValue('--font')
	const wide = (weight: number) => {
		pen.font = `${weight} 40px ${font}`
		return pen.measureText('Rwmg agBQ').width
	}
	return wide(400) === wide(500)
}

/* Call before the first paint. */
export function startTheme(app: 'console' | 'mobile'): void {
	const root = document.documentElement
	root.dataset.app = app
	if (hasTwoWeights()) root.dataset.weights = 'two'
	const kept = recall('theme')
	if (kept === 'light' || kept === 'dark') theme.value = kept
	dark?.addEventListener('change', paint)
	paint()
}
