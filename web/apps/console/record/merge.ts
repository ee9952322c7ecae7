/*
 * Three-way merge of a form: what only I changed stays mine, what only they changed becomes theirs, what both changed
 * to different values is a clash for people to decide. Pure.
 */
export interface Merge { merged: Record<string, unknown>; clashes: string[] }

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

export function merge(names: string[], base: Record<string, unknown>, mine: Record<string, unknown>, theirs: Record<string, unknown>): Merge {
	const merged: Record<string, unknown> = {}
	const clashes: string[] = []
	for (const name of names) {
		const iChanged = !same(mine[name], base[name])
		const theyChanged = !same(theirs[name], base[name])
		if (iChanged && theyChanged && !same(mine[name], theirs[name])) clashes.push(name)
		else merged[name] = iChanged ? mine[name] : theirs[name]
	}
	return { merged, clashes }
}
