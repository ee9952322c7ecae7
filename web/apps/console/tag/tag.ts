/* Names of tags as people type them: several at once, the same however they are written (docs/adr/0035-tags.md). */
import { client } from '../app/api'

export interface Suggestion { id: string; name: string; said: string }

export const TAG_MOST = 20
export const NAME_MOST = 40

const separator = /[,，、;；\n\t]/

/* What makes two names the same: no case, no width, no blanks. The server's word counts; this keeps a chip from standing twice. */
export const folded = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

export const separates = (text: string) => separator.test(text)

/* Names in what was typed or pasted, each once, none of those that are there. */
export function namesIn(text: string, there: string[]): string[] {
	const known = new Set(there.map(folded))
	const names: string[] = []
	for (const part of text.split(separator)) {
		const name = part.replace(/\s+/g, ' ').trim()
		if (!name || known.has(folded(name))) continue
		known.add(folded(name))
		names.push(name)
	}
	return names
}

export async function suggest(text: string, there: string[]): Promise<Suggestion[]> {
	const known = new Set(there.map(folded))
	const answer = await client.get<{ items: Suggestion[] }>('/tag/suggest', { q: text.trim().slice(0, NAME_MOST) })
	return answer.items.filter((one) => !known.has(folded(one.name)))
}
