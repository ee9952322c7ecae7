/*
 * What several parts of a page, or one part shown again and again, ask for: asked once, and anew when it is no longer fresh. `anew` asks at
 * once, and the others have that. What was refused is not kept, and nothing is for whoever signs in next.
 */
const forgets: (() => void)[] = []
export const forgetKept = () => forgets.forEach((forget) => forget())

export function kept<T>(freshMs: number, ask: (of: string) => Promise<T>) {
	const asked = new Map<string, { at: number; answer: Promise<T> }>()
	forgets.push(() => asked.clear())

	function anew(of: string): Promise<T> {
		const one = { at: Date.now(), answer: ask(of) }
		asked.set(of, one)
		one.answer.catch(() => { if (asked.get(of) === one) asked.delete(of) })
		return one.answer
	}
	function get(of: string): Promise<T> {
		const one = asked.get(of)
		return one && Date.now() - one.at <= freshMs ? one.answer : anew(of)
	}
	return { get, anew }
}
