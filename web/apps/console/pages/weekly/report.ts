/* The weekly report as the server tells it. */
import type { Promised, State } from '../promise/promise'

export interface Counted { code: string; name: string; n: number | null; before: number | null }
export interface Worst { title: string | null; link: string | null; actual: number | null; cases: number }
export interface Kept extends Pick<Promised, 'name' | 'unit' | 'direction' | 'target' | 'actual' | 'change' | 'cases'> { state: State; link: string; products: Worst[]; teams: Worst[] }
export interface Oldest { no: string; title: string; link: string; age_ms: number }
export interface Report {
	from: string; to: string; next_at: number; goes_out: boolean; narrow: boolean; shows_promises: boolean
	counts: Counted[]; promises: Kept[]; oldest: Oldest[]; subject: string; text: string; html: string
}

/* Links are made for a mail; here they stay within the console. */
export function inside(link: string): string {
	const at = new URL(link)
	return at.pathname + at.search
}

/* More than the week before, less, as many; null where one of the two is not known. */
export function difference(of: Counted): string | null {
	if (of.n === null || of.before === null) return null
	const d = of.n - of.before
	return `${d > 0 ? '+' : d < 0 ? '−' : '±'}${Math.abs(d)}`
}
