/*
 * Colleagues named in a text: `@王芳`. In the text stand the letters, who is meant is kept beside it by id. A name counts where an @ may
 * begin one: not inside of a mail address.
 */
export interface Named { id: string; name: string }
export interface Part { text: string; named?: Named }

const MAIL_BEFORE = /[A-Za-z0-9._%+-]$/
const LONGEST_ASKED = 20

/* The text in parts, of two names that fit the longer. */
export function partsOf(text: string, people: Named[]): Part[] {
	const longest = people.filter((p) => p.name).sort((a, b) => b.name.length - a.name.length)
	const parts: Part[] = []
	let from = 0
	for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
		const named = at >= from && !MAIL_BEFORE.test(text.slice(0, at)) && longest.find((p) => text.startsWith(p.name, at + 1))
		if (!named) continue
		if (at > from) parts.push({ text: text.slice(from, at) })
		from = at + 1 + named.name.length
		parts.push({ text: text.slice(at, from), named })
	}
	if (from < text.length) parts.push({ text: text.slice(from) })
	return parts
}

/* Those who still stand in it. */
export function stillNamed(text: string, people: Named[]): Named[] {
	const ids = new Set(partsOf(text, people).map((p) => p.named?.id))
	return people.filter((p) => ids.has(p.id))
}

/* What is being typed after an @ right before the caret: where it begins, and the letters; null where none begins a name. */
export function askedAt(text: string, caret: number): { from: number; words: string } | null {
	const found = /[@＠]([^\s@＠]*)$/.exec(text.slice(0, caret))
	if (!found || found[1].length > LONGEST_ASKED || MAIL_BEFORE.test(text.slice(0, found.index))) return null
	return { from: found.index, words: found[1] }
}
