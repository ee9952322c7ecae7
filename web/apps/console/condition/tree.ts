/*
 * The tree of a condition while somebody edits it, and its form on the wire (docs/adr/0015-conditions.md). Pure. The editor knows rows
 * and groups; `=` with one value and `in` with one are the same row. A row that is not finished stays out of what is sent.
 */
export interface WireValue { text?: string; value?: string; shift?: number; unit?: string }
export interface Wire { op: string; field?: string; function?: string; values?: WireValue[]; items?: Wire[] }

/* `compare` is the operator with the function before it: "in", "not contains", "age >". */
export interface Row { kind: 'row'; key: number; path: string; compare: string; values: WireValue[] }
export interface Group { kind: 'group'; key: number; join: 'and' | 'or'; not: boolean; items: Part[] }
export type Part = Row | Group

/* What is wrong, as the server says it: the character of the text, and which comparison counted as they are read. */
export interface Fault { at: number; atom: number | null; code: string; message: string }
export interface Checked { text: string | null; tree: Wire | null; version: number; faults: Fault[] }

let last = 0
export const newRow = (path = ''): Row => ({ kind: 'row', key: ++last, path, compare: '', values: [] })
export const newGroup = (join: Group['join'] = 'and', items: Part[] = []): Group => ({ kind: 'group', key: ++last, join, not: false, items })

const plain: Record<string, string> = { '=': 'in', '!=': 'not in' }
const single: Record<string, string> = { in: '=', 'not in': '!=' }

/* Comparisons that ask for no value. */
export const asksNothing = (compare: string) => compare === 'is none' || compare === 'is not none'
export const takesMany = (compare: string) => ['in', 'not in', 'has any', 'has all', 'has none'].includes(compare)

function rowOf(w: Wire): Row {
	const compare = w.function ? `${w.function} ${w.op}` : plain[w.op] ?? w.op
	return { kind: 'row', key: ++last, path: w.field ?? '', compare, values: (w.values ?? []).map((v) => ({ ...v })) }
}

function partOf(w: Wire): Part {
	if (w.op === 'and' || w.op === 'or') return newGroup(w.op, (w.items ?? []).map(partOf))
	if (w.op === 'true') return newGroup()
	if (w.op === 'false') return { ...newGroup(), not: true }
	if (w.op !== 'not') return rowOf(w)
	const inner = partOf(w.items![0])
	return inner.kind === 'group' && !inner.not ? { ...inner, not: true } : { ...newGroup('and', [inner]), not: true }
}

/* The whole of it is always a group. */
export function fromWire(w: Wire): Group {
	const part = partOf(w)
	return part.kind === 'group' ? part : newGroup('and', [part])
}

export const isUntouched = (row: Row) => row.path === ''
export function isFinished(row: Row): boolean {
	if (!row.path || !row.compare) return false
	return asksNothing(row.compare) || (row.values.length > 0 && row.values.every((v) => Boolean(v.text ?? v.value)))
}

function rowWire(row: Row): Wire {
	const [name, op] = /^(age|until) (.+)$/.exec(row.compare)?.slice(1) ?? ['', row.compare]
	const short = row.values.length === 1 && single[op]
	return { op: short || op, ...(name ? { function: name } : {}), field: row.path, ...(row.values.length ? { values: row.values } : {}) }
}

/* The tree of the finished rows, with those rows in the order in which their faults are counted. */
export function toWire(group: Group): { tree: Wire; rows: Row[]; unfinished: Row[] } {
	const rows: Row[] = []
	const unfinished: Row[] = []
	const wire = (part: Part): Wire | null => {
		if (part.kind === 'row') {
			if (!isFinished(part)) {
				if (!isUntouched(part)) unfinished.push(part)
				return null
			}
			rows.push(part)
			return rowWire(part)
		}
		const items = part.items.map(wire).filter((w) => w !== null)
		const all = items.length > 1 ? { op: part.join, items } : items[0] ?? null
		if (!part.not) return all
		return all ? { op: 'not', items: [all] } : part.items.length ? null : { op: 'false' }
	}
	return { tree: wire(group) ?? { op: 'true' }, rows, unfinished }
}

/* The group that holds a part. */
export function holderOf(root: Group, part: Part): Group | null {
	if (root.items.some((p) => p.key === part.key)) return root
	for (const inner of root.items) {
		const found = inner.kind === 'group' ? holderOf(inner, part) : null
		if (found) return found
	}
	return null
}

/* What must hold at once, each for itself: the chips of a list. */
export function conjuncts(w: Wire): Wire[] {
	return w.op === 'true' ? [] : w.op === 'and' ? w.items ?? [] : [w]
}
export function joined(items: Wire[]): Wire {
	return items.length > 1 ? { op: 'and', items } : items[0] ?? { op: 'true' }
}
