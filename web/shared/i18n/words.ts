/*
 * The words of an industry (packs/NAME/words.json) put into the texts: terms wherever they stand, the rest of a text as it is, and
 * labels of their own for states and scenes. The server does the same to its labels (core/pack/packs.c).
 */
import type { Label, Lang, Messages } from './index'

export interface Words { terms: Record<Lang, [string, string][]>; labels: Record<string, Label> }

/* Devices that somebody signs in with are no goods. */
const literal = new Set(['factor', 'self', 'settings', 'keys', 'privacy'])

const big = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

export function inTerms(text: string, lang: Lang, terms: [string, string][]): string {
	if (!terms.length) return text
	const said = new Map(lang === 'zh' ? terms : terms.flatMap(([a, b]): [string, string][] => [[a, b], [big(a), big(b)]]))
	const any = [...said.keys()].join('|')
	/* `{ticket}` is the name of a value, not a word */
	const pattern = lang === 'zh' ? new RegExp(`\\{[^}]*\\}|${any}`, 'g') : new RegExp(`\\{[^}]*\\}|(?<![A-Za-z])(?:${any})(?![A-Za-z])`, 'g')
	return text.replace(pattern, (found) => said.get(found) ?? found)
}

export function inWords(texts: Messages, lang: Lang, words: Words, path = ''): Messages {
	const out: Messages = {}
	for (const [key, value] of Object.entries(texts)) {
		const at = path ? `${path}.${key}` : key
		const own = /^(state|scene)\./.test(at) ? words.labels[`ticket.${at}`] : undefined
		if (literal.has(at)) out[key] = value
		else if (typeof value === 'string') out[key] = own?.[lang] ?? inTerms(value, lang, words.terms[lang])
		else out[key] = inWords(value, lang, words, at)
	}
	return out
}
