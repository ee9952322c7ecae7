/*
 * Compares two message trees for the key tests: same keys, same variables, nothing empty.
 * Returns one line per fault, so that a failing test says what to add.
 */
import { createI18n } from 'vue-i18n'
import type { Messages } from './index'

export function flatten(tree: Messages, prefix = ''): Map<string, string> {
	const out = new Map<string, string>()
	for (const [key, value] of Object.entries(tree)) {
		const path = prefix ? `${prefix}.${key}` : key
		if (typeof value === 'string') out.set(path, value)
		else for (const [k, v] of flatten(value, path)) out.set(k, v)
	}
	return out
}

const variables = (text: string) => [...new Set([...text.matchAll(/\{([a-z_]+)\}/gi)].map((m) => m[1]))].sort().join(',')

export function faults(zh: Messages, en: Messages): string[] {
	const a = flatten(zh)
	const b = flatten(en)
	const out: string[] = []
	for (const [key, text] of a) {
		const other = b.get(key)
		if (other === undefined) out.push(`${key}: no English text`)
		else if (variables(text) !== variables(other)) out.push(`${key}: variables differ`)
		if (text.trim() === '') out.push(`${key}: empty Chinese text`)
	}
	for (const [key, text] of b) {
		if (!a.has(key)) out.push(`${key}: no Chinese text`)
		if (text.trim() === '') out.push(`${key}: empty English text`)
		if (/[\u4e00-\u9fff]/.test(text) && !key.endsWith('lang_zh')) out.push(`${key}: Chinese in the English text`)
	}
	return out
}

/* Keys of texts that the message format does not read: an @ that stands for itself is written {'@'}. Such a text takes its whole page down. */
export function unreadable(tree: Messages): string[] {
	const { global } = createI18n({ legacy: false, locale: 'xx', messages: { xx: tree }, missingWarn: false, fallbackWarn: false })
	return [...flatten(tree).keys()].filter((key) => {
		try { return global.t(key, {}) === key } catch { return true }
	})
}

/* Keys that code asks for as literals: t('a.b') or keypath="a.b". */
export function usedKeys(source: string): string[] {
	return [...source.matchAll(/\bt\(\s*'([a-z0-9_.]+)'/gi)].map((m) => m[1])
}
