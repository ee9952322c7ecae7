/* What goes into WeChat's keywords, "thing1 = {{ticket.title}}" a line, as rows to be edited; and how a row reads with samples. */
import type { KeywordType } from './variables'

export interface Row { keyword: string; text: string }

export function rowsOf(lines: string): Row[] {
	return lines.split('\n').filter((line) => line.trim()).map((line) => {
		const at = line.indexOf('=')
		return at < 0 ? { keyword: line.trim(), text: '' } : { keyword: line.slice(0, at).trim(), text: line.slice(at + 1).trim() }
	})
}

export const linesOf = (rows: Row[]) => rows.map((r) => `${r.keyword} = ${r.text}`).join('\n')

export const typeOf = (keyword: string, types: KeywordType[]) => types.find((one) => new RegExp(`^${one.name}\\d{1,2}$`).test(keyword))

/* A variable without a sample stays as it is written: the server says what is wrong with it. */
export const withSamples = (text: string, samples: Record<string, string>) => text.replace(/\{\{\s*([\w.]+)\s*(\|[^}]*)?\}\}/g, (whole, name: string) => samples[name] ?? whole)

/* The next free number of a type: thing1, thing2. */
export function nextKeyword(type: string, rows: Row[]): string {
	let n = 1
	while (rows.some((r) => r.keyword === `${type}${n}`)) n++
	return `${type}${n}`
}
