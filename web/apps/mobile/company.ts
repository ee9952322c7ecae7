/*
 * What the company offers on these pages: its scenes, products, safety steps, phone number (GET /my/form).
 * Kept in the phone, so that a second visit without network still shows the form and the number to call.
 */
import { useWords } from '@shared/i18n'
import { hotlineText } from '@shared/format/text'
import { computed, shallowRef } from 'vue'
import { get, put } from './lib/store'
import * as my from './my'
import type { Form, Product, Scene } from './contract'

const KEY = 'form'
export const form = shallowRef<Form | null>(null)
export const hotline = computed(() => hotlineText(form.value?.tenant.hotline ?? ''))

/* The picture that the company shows of itself; '' for none. */
export const logo = computed(() => {
	const tenant = form.value?.tenant
	return tenant?.code && tenant.logo && tenant.logo !== '0' ? `/api/v1/company/logo?tenant=${encodeURIComponent(tenant.code)}&v=${tenant.logo}` : ''
})

let asked: Promise<Form> | null = null
const FRESH_MS = 60_000
let askedAt = 0

async function ask(): Promise<Form> {
	try {
		const fresh = await my.form()
		useWords(fresh.words)
		form.value = fresh
		void put(KEY, fresh)
		return fresh
	} catch (error) {
		const kept = await get<Form>(KEY)
		if (!kept) throw error
		useWords(kept.words)
		form.value = kept
		return kept
	}
}

/* The form; asked for again after a minute, after a failure, and when the server wants something else than it says (`now`). */
export function loadForm(now = false): Promise<Form> {
	if (now || Date.now() - askedAt > FRESH_MS) asked = null
	if (!asked) askedAt = Date.now()
	asked ??= ask().catch((error: unknown) => {
		asked = null
		throw error
	})
	return asked
}

export function sceneOf(name: string): Scene | null {
	return form.value?.scenes.find((scene) => scene.name === name) ?? null
}

export function productOf(id: string | null | undefined): Product | null {
	return form.value?.products.find((product) => product.id === id) ?? null
}
