/*
 * The two languages. Shared texts live beside this file, an app adds its own; each language is one lazy chunk.
 * `t` and `lang` are reactive: a template that uses them follows the switch at once.
 */
import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import { inWords, type Words } from './words'

export type Lang = 'zh' | 'en'
export interface Label { zh: string; en: string }
export type Messages = { [key: string]: string | Messages }
type Loader = () => Promise<{ default: Messages }>

export const i18n = createI18n({
	legacy: false,
	locale: 'zh' as Lang,
	fallbackLocale: 'zh',
	messages: { zh: {} as Messages, en: {} as Messages },
	missingWarn: false,
	fallbackWarn: false,
})

const shared: Record<Lang, Loader> = {
	zh: () => import('./zh-CN'),
	en: () => import('./en'),
}
let own: Record<Lang, Loader> | null = null
const plain: Record<Lang, Messages[]> = { zh: [], en: [] }
let industry: Words | null = null
const loaded = new Set<Lang>()

export const lang = computed<Lang>(() => i18n.global.locale.value as Lang)

/* Text of a key in the language in use. `n` chooses the plural form. */
export function t(key: string, values: Record<string, unknown> = {}, n?: number): string {
	return n === undefined ? i18n.global.t(key, values) : i18n.global.t(key, { n, ...values }, n)
}

/* True when the key has a text; for keys built from codes that the server may add to. */
export function has(key: string): boolean {
	return i18n.global.te(key, lang.value) || i18n.global.te(key, 'zh')
}

/* The half of a two-language label that is in use. */
export function pick(label: Label | undefined | null): string {
	return label ? label[lang.value] || label.zh : ''
}

/* A text of the tables as a label. The other language may not be loaded (loadBoth): then the one in use stands for both. */
export function both(key: string): Label {
	const text = (l: Lang) => (i18n.global.te(key, l) ? i18n.global.t(key, {}, { locale: l }) : t(key))
	return { zh: text('zh'), en: text('en') }
}

/* An app calls this once with its own texts, before `useLang`. */
export function ownTexts(loaders: Record<Lang, Loader>): void {
	own = loaders
	loaded.clear()
}

async function load(l: Lang): Promise<void> {
	if (loaded.has(l)) return
	const parts = await Promise.all([shared[l](), ...(own ? [own[l]()] : [])])
	plain[l] = parts.map((part) => part.default)
	say(l)
	loaded.add(l)
}

/* For texts that are kept in both languages: from then on both() says each in its own. */
export async function loadBoth(): Promise<void> {
	await Promise.all([load('zh'), load('en')])
}

/* Loads a language if needed and switches to it. */
export async function useLang(next: Lang): Promise<void> {
	await load(next)
	i18n.global.locale.value = next
	document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
	remember('lang', next)
}

function say(l: Lang): void {
	i18n.global.setLocaleMessage(l, {})
	for (const part of plain[l]) i18n.global.mergeLocaleMessage(l, industry ? inWords(part, l, industry) : part)
}

/* The words of the company's industry, in both languages. */
export function useWords(words: Words | null | undefined): void {
	if (JSON.stringify(words ?? null) === JSON.stringify(industry)) return
	industry = words ?? null
	for (const l of loaded) say(l)
}

/* What the browser asks for, unless the person has chosen before. */
export function firstLang(): Lang {
	const kept = recall('lang')
	if (kept === 'zh' || kept === 'en') return kept
	return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/* localStorage may be refused (private windows, WeChat); then nothing is remembered. */
export function remember(key: string, value: string): void {
	try { localStorage.setItem(`anxin.${key}`, value) } catch { /* nothing to do */ }
}

export function recall(key: string): string | null {
	try { return localStorage.getItem(`anxin.${key}`) } catch { return null }
}
