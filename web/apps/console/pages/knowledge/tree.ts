/* A fault tree while it is drawn: places of its steps, what is wrong with it, changes that keep it whole. */
import type { Label } from '@shared/i18n'

export interface Choice { say: Label; go: string }
export interface Asking { ask: Label; hint?: Label; choices: Choice[] }
export interface Telling { tell: Label; end: string }
export type Step = Asking | Telling
export interface Tree { start: string; nodes: Record<string, Step> }

export const ends = ['solved', 'report', 'stop'] as const
export const asks = (s: Step | undefined): s is Asking => s !== undefined && 'ask' in s
export const MOST_CHOICES = 8
export const MOST_STEPS = 60

export const whole = (tree: Partial<Tree>): Tree => ({ start: tree.start ?? '', nodes: tree.nodes ?? {} })

/* a, b … z, then n27. */
export function nextName(tree: Tree): string {
	for (const letter of 'abcdefghijklmnopqrstuvwxyz') if (!(letter in tree.nodes)) return letter
	let n = 27
	while (`n${n}` in tree.nodes) n++
	return `n${n}`
}

export interface Spot { name: string; column: number; row: number }
export interface Line { from: string; to: string; choice: number }
export const CARD = { width: 200, height: 76, gapX: 64, gapY: 20 }

/* Each step stands one column behind the first that leads to it; what nothing leads to stands below, in the first column. */
export function spotsOf(tree: Tree): Spot[] {
	const column = new Map<string, number>()
	let front = tree.start in tree.nodes ? [tree.start] : []
	for (let depth = 0; front.length; depth++) {
		front.forEach((name) => column.set(name, depth))
		front = [...new Set(front.flatMap((name) => leads(tree, name)))].filter((name) => name in tree.nodes && !column.has(name))
	}
	for (const name of Object.keys(tree.nodes)) if (!column.has(name)) column.set(name, 0)
	const rows: number[] = []
	return [...column].map(([name, at]) => ({ name, column: at, row: (rows[at] = (rows[at] ?? -1) + 1) }))
}
const leads = (tree: Tree, name: string) => {
	const step = tree.nodes[name]
	return asks(step) ? step.choices.map((c) => c.go) : []
}
export const linesOf = (tree: Tree): Line[] => Object.entries(tree.nodes).flatMap(([from, step]) => (asks(step) ? step.choices.map((c, choice) => ({ from, to: c.go, choice })).filter((l) => l.to in tree.nodes) : []))

export type Fault = 'unreached' | 'endless' | 'words' | 'choices' | 'nowhere'

/* What the server would refuse, by step. */
export function faultsOf(tree: Tree): Record<string, Fault> {
	const out: Record<string, Fault> = {}
	const reached = new Set<string>()
	const todo = [tree.start]
	for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
		if (reached.has(name) || !(name in tree.nodes)) continue
		reached.add(name)
		todo.push(...leads(tree, name))
	}
	const ended = new Set(Object.keys(tree.nodes).filter((name) => !asks(tree.nodes[name])))
	for (let more = true; more;) {
		more = false
		for (const name of Object.keys(tree.nodes)) if (!ended.has(name) && leads(tree, name).some((to) => ended.has(to))) { ended.add(name); more = true }
	}
	for (const [name, step] of Object.entries(tree.nodes)) {
		const fault = faultOf(tree, step) ?? (!reached.has(name) ? 'unreached' : !ended.has(name) ? 'endless' : null)
		if (fault) out[name] = fault
	}
	return out
}
function faultOf(tree: Tree, step: Step): Fault | null {
	if (!asks(step)) return step.tell.zh.trim() ? null : 'words'
	if (!step.ask.zh.trim() || step.choices.some((c) => !c.say.zh.trim())) return 'words'
	if (step.choices.length < 2) return 'choices'
	return step.choices.some((c) => !(c.go in tree.nodes)) ? 'nowhere' : null
}

/* A step goes; what led there leads nowhere until somebody says where. */
export function without(tree: Tree, name: string): Tree {
	const nodes = Object.fromEntries(Object.entries(tree.nodes).filter(([n]) => n !== name).map(([n, step]) => [n, asks(step) ? { ...step, choices: step.choices.map((c) => (c.go === name ? { ...c, go: '' } : c)) } : step]))
	return { start: tree.start === name ? Object.keys(nodes)[0] ?? '' : tree.start, nodes }
}

/* The same step as another kind; what it said stays what it says. */
export function turned(step: Step): Step {
	return asks(step) ? { tell: step.ask, end: 'report' } : { ask: step.tell, choices: [{ say: { zh: '', en: '' }, go: '' }, { say: { zh: '', en: '' }, go: '' }] }
}
