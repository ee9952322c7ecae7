/*
 * A company's report form while it is edited: what it says of the pack's scenes, questions and symptoms; and what comes of it when it is laid
 * over them, as the server does (docs/adr/0041-report-form.md). Pure.
 */
import type { Label } from '@shared/i18n'

export interface Choice { value: string; label: Label; off?: boolean }
export interface Symptom { code: string; label: Label; grade?: string; off?: boolean }
export interface Question { name: string; type: string; label: Label; hint: Label | null; required: boolean; sealed: boolean; most: number; choices: Choice[]; off?: boolean }
export interface Scene {
	name: string; label: Label; hint: Label | null; device: Need; text: Need; text_label: Label; submit: Label
	safety: boolean; symptoms: boolean; times: boolean; proof: boolean; required: string[]; fields: Question[]; off?: boolean
}
export interface Base { pack: string; scenes: Scene[]; symptoms: Record<string, Symptom[]>; packs: { value: string; label: Label }[] }

export type Need = 'required' | 'optional' | 'none'
export type Said = Record<string, unknown>
export type Key = 'name' | 'value' | 'code'
export interface Draft { scenes: Said[]; symptoms: Record<string, Said[]> }

export const parts = ['device', 'symptoms', 'text', 'times', 'proof'] as const
export type Part = typeof parts[number]
const isFlag = (part: string) => part === 'symptoms' || part === 'times' || part === 'proof'

export function needOf(scene: Scene, part: Part): Need {
	if (!isFlag(part)) return scene[part] as Need
	return scene.required.includes(part) ? 'required' : scene[part] ? 'optional' : 'none'
}

/* Laying one over the other --------------------------------------------------------------------------------------------------- */

const both = (label: Partial<Label>): Label => ({ zh: label.zh || label.en || '', en: label.en || label.zh || '' })

/* What is not spoken of stays behind what it stands behind in the pack. */
function inOrder<T>(base: T[], said: Said[], key: Key, over: (base: T | undefined, said: Said) => T): T[] {
	const nameOf = (v: unknown) => (v as Said)[key]
	const out = said.map((s) => over(base.find((b) => nameOf(b) === s[key]), s))
	let last: unknown = null
	for (const b of base) {
		if (!out.some((o) => nameOf(o) === nameOf(b))) out.splice(last === null ? 0 : out.findIndex((o) => nameOf(o) === last) + 1, 0, b)
		last = nameOf(b)
	}
	return out
}

function withWords<T>(start: T, said: Said): T {
	const next = { ...start, ...said } as Said
	for (const name of ['label', 'hint', 'text_label', 'submit']) {
		const label = said[name] as Partial<Label> | null | undefined
		if (label) next[name] = label.zh || label.en ? both(label) : name === 'hint' ? null : { zh: '', en: '' }
	}
	if (said.off === false) delete next.off
	return next as T
}

const overChoice = (base: Choice | undefined, said: Said): Choice => withWords(base ?? { value: '', label: { zh: '', en: '' } }, said)
const overSymptom = (base: Symptom | undefined, said: Said): Symptom => withWords(base ?? { code: '', label: { zh: '', en: '' }, grade: 'normal' }, said)
const newQuestion: Question = { name: '', type: 'text', label: { zh: '', en: '' }, hint: null, required: false, sealed: false, most: 60, choices: [] }
const overQuestion = (base: Question | undefined, said: Said): Question => ({
	...withWords(base ?? newQuestion, said), choices: inOrder(base?.choices ?? [], (said.choices as Said[]) ?? [], 'value', overChoice),
})
function overScene(base: Scene | undefined, said: Said): Scene {
	const next = withWords(base!, said)
	const asked = parts.filter((p) => isFlag(p) && said[p] !== undefined)
	for (const p of asked) (next as unknown as Said)[p] = said[p] !== 'none'
	next.required = [...(base?.required ?? []).filter((p) => !asked.includes(p as Part)), ...asked.filter((p) => said[p] === 'required')]
	next.fields = inOrder(base?.fields ?? [], (said.fields as Said[]) ?? [], 'name', overQuestion)
	return next
}

export const laidScenes = (base: Base, draft: Draft) => inOrder(base.scenes, draft.scenes.filter((s) => base.scenes.some((b) => b.name === s.name)), 'name', overScene)
export const laidSymptoms = (base: Base, draft: Draft, product: string) => inOrder(base.symptoms[product] ?? [], draft.symptoms[product] ?? [], 'code', overSymptom)

/* Saying something --------------------------------------------------------------------------------------------------------------- */

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const says = (said: Said, key: Key) => Object.keys(said).some((n) => n !== key)

/* Entries that say nothing stay only where they hold the order. */
function tidy(base: Said[], said: Said[], key: Key): Said[] {
	const order = (list: Said[]) => inOrder(base, list, key, (b, s) => b ?? s).map((v) => v[key])
	const less = said.filter((s) => says(s, key) || !base.some((b) => b[key] === s[key]))
	return same(order(less), order(said)) ? less : said
}

/* `patch` onto what is said of one; what the pack says already is not said again. Lists inside are given whole. */
export function say(base: Said[], said: Said[], key: Key, name: string, patch: Said): Said[] {
	const from = base.find((b) => b[key] === name)
	const now = inOrder(base, said, key, (b, s) => b ?? s).map((v) => v[key])
	const next: Said = { ...(said.find((s) => s[key] === name) ?? { [key]: name }), ...patch }
	for (const [member, value] of Object.entries(next)) {
		const kept = isFlag(member) && key === 'name' && from && 'submit' in from ? needOf(from as unknown as Scene, member as Part) : from?.[member]
		if (member !== key && member !== 'fields' && member !== 'choices' && from && (member === 'off' ? Boolean(value) === Boolean(from.off) : same(value, kept))) delete next[member]
		if ((member === 'fields' || member === 'choices') && from && (value as Said[]).length === 0) delete next[member]
	}
	const others = said.filter((s) => s[key] !== name)
	const place = (s: Said) => (now.includes(s[key]) ? now.indexOf(s[key]) : now.length)
	return tidy(base, [...others, next].sort((a, b) => place(a) - place(b)), key)
}

/* The same in another order. */
export function order(base: Said[], said: Said[], key: Key, names: string[]): Said[] {
	return tidy(base, names.map((name) => said.find((s) => s[key] === name) ?? { [key]: name }), key)
}

export const without = (said: Said[], key: Key, name: string) => said.filter((s) => s[key] !== name)

/* A name that nothing else has, also not what was taken away before. */
export function ownName(random: () => number = Math.random): string {
	return `o_${Math.floor(random() * 36 ** 6).toString(36).padStart(6, '0')}`
}
