/* A document that is too long for one article, cut at its headings: at the highest of them, and within a part at the next only where that part is still too long.
 * What stands before the first heading keeps the title above it. */
import { fits } from './markdown'

export interface Section { title: string; body: string }
interface Heading { line: number; level: number; title: string }
const HEADING = /^(#{1,6})\s+(\S.*?)\s*#*$/
const FENCE = /^\s{0,3}(?:```|~~~)/

/* Titles are words alone. */
function plain(words: string): string {
	return words.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\*\*|`/g, '').replaceAll(/\\([\\`*_{}[\]()#+\-.!])/g, '$1').trim()
}

/* A # in a block of code is none. */
function headings(lines: string[]): Heading[] {
	let fenced = false
	return lines.flatMap((text, line) => {
		if (FENCE.test(text)) fenced = !fenced
		const found = fenced ? null : HEADING.exec(text)
		return found ? [{ line, level: found[1].length, title: plain(found[2]) }] : []
	})
}

/* One that no heading cuts may come out too long. Without words there is none. */
export function sections(title: string, body: string): Section[] {
	const lines = body.split('\n')
	const all = fits(body) ? [] : headings(lines)
	if (!all.length) return body ? [{ title, body }] : []
	const top = Math.min(...all.map((h) => h.level))
	const cuts = all.filter((h) => h.level === top)
	const part = (from: number, to?: number) => lines.slice(from, to).join('\n').trim()
	return [...sections(title, part(0, cuts[0].line)), ...cuts.flatMap((h, i) => sections(h.title || title, part(h.line + 1, cuts[i + 1]?.line)))]
}
