/* Files of Markdown as drafts of articles: the first heading is the title, what follows the words, the name of the file the code. */
import { empty, type Draft } from './knowledge'

export const MOST_BODY = 8000
const ID = 20                           /* what a picture's mark grows by when it is uploaded */
export function fits(body: string): boolean {
	return [...body].length + ID * (body.match(/\]\(picture:\d/g)?.length ?? 0) <= MOST_BODY
}

/* "滤网 清洗.md" has no letters that a code may have: then it is told apart by a number. */
export function codeOf(name: string, taken: (code: string) => boolean): string {
	const stem = name.replace(/\.\w+$/, '').normalize('NFKD').replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^[-_]+|-+$/g, '').slice(0, 34)
	let code = stem || 'doc-1'
	for (let n = 1; taken(code); n++) code = `${stem || 'doc'}-${n}`
	return code
}

/* How much of each did not come along. */
export interface Left { pictures?: number; objects?: number; notes?: number; comments?: number; deleted?: number; hidden?: number; links?: number }
/* phrasings: how customers ask for it; files: pictures of its words, "![…](picture:0)", to be uploaded. "said": what the server said. */
export type Wrong = { wrong: 'empty' | 'long' | 'head' | 'zip' | 'zip_none' | 'zip_large' } | { wrong: 'said'; message: string }
export type Read = { draft: Draft; phrasings?: string[]; files?: File[]; left?: Left } | Wrong

/* A draft of words that are there and fit. */
export function drafted(name: string, title: string, body: string, taken: (code: string) => boolean): Read {
	if (!body) return { wrong: 'empty' }
	if (!fits(body)) return { wrong: 'long' }
	return { draft: { ...empty('article'), code: codeOf(name, taken), title_zh: title.trim().slice(0, 200), body_zh: body } }
}

/* The title and the words below it. */
export function titled(name: string, text: string): { title: string; body: string } {
	/* Heads of site generators tell nothing to readers. */
	const lines = text.replace(/^\uFEFF/, '').replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '').replaceAll('\r\n', '\n').split('\n')
	const at = lines.findIndex((line) => /^#\s+\S/.test(line))
	const title = at >= 0 ? lines[at].replace(/^#\s+/, '').replace(/\s*#+$/, '') : name.replace(/\.\w+$/, '')
	return { title, body: lines.filter((_, i) => i !== at).join('\n').trim() }
}
