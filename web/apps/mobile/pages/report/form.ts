/*
 * The rules of the report form, without the screen: what is missing, what goes to the server, how choices are laid out.
 * Pure: tested by a table.
 */
import type { FormField, Report, Scene } from '../../contract'
import type { Draft } from '../../draft'

/* Fault of one entry, as a text key; the entry's name is also the id of its place on the page. */
export type Faults = Record<string, string>

const isEmpty = (value: unknown) =>
	value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/* What is wrong, in symptoms or words. `offered`: the product has symptoms to choose from. */
function faultOfProblem(scene: Scene, draft: Draft, offered: boolean): string | null {
	const silent = draft.description.trim() === ''
	if (scene.text === 'required' && silent) return 'report.needText'
	if (!scene.symptoms || draft.symptoms.length > 0) return null
	if (mustGive(scene, draft, 'symptoms') && offered) return 'report.needSymptom'
	return silent && scene.text !== 'none' ? 'report.needProblem' : null
}

/* Nobody in danger is held up by what the company would like to know as well. */
function mustGive(scene: Scene, draft: Draft, part: string): boolean {
	const danger = scene.name === 'emergency' || draft.safety === 'yes'
	return !danger && (scene.required ?? []).includes(part)
}

/* In the order of the page, so the first fault is the one to scroll to: where there are symptoms, the scene's own fields follow them. */
export function faultsOf(scene: Scene, draft: Draft, offered = true): Faults {
	const faults: Faults = {}
	const hasDevice = draft.device_id !== null || draft.product_id !== null || draft.serial !== null
	if (scene.device === 'required' && !hasDevice) faults.device = 'report.needDevice'
	if (scene.device === 'none' && draft.product_id === null) faults.device = 'report.needDevice'
	if (scene.safety && draft.safety === null) faults.safety = 'report.needSafety'
	const own: Faults = {}
	for (const field of scene.fields)
		if (field.required && isEmpty(draft.answers[field.name])) own[field.name] = faultOfField(field)
	const wrong = faultOfProblem(scene, draft, offered)
	const problem: Faults = wrong ? { problem: wrong } : {}
	const last: Faults = {}
	if (mustGive(scene, draft, 'times') && !draft.day && !draft.time) last.when = 'report.needWhen'
	if (mustGive(scene, draft, 'proof') && !draft.proof?.kind) last.proof = 'report.needProof'
	return scene.symptoms ? { ...faults, ...problem, ...own, ...last } : { ...faults, ...own, ...problem, ...last }
}

/*
 * The scene's own questions before the words and after them. What decides (a choice, a date) comes first; what may be left out waits
 * until the matter itself is told. Where the words are only a remark, they come last.
 */
export function questionsOf(scene: Scene): { before: FormField[]; after: FormField[] } {
	const needed = scene.fields.filter((field) => field.required)
	const others = scene.fields.filter((field) => !field.required)
	if (scene.symptoms) return { before: [], after: [...needed, ...others] }
	return scene.text === 'required' ? { before: needed, after: others } : { before: [...needed, ...others], after: [] }
}

function faultOfField(field: FormField): string {
	return field.type === 'choice' || field.type === 'choices' || field.type === 'yes_no' ? 'common.choose' : 'common.required'
}

/* What POST /my/ticket gets; files are filled in by the outbox when they are up. `nameOf` words a field in the person's language. */
export function reportOf(scene: Scene, draft: Draft, nameOf: (field: FormField) => string): Report {
	const answers: Report['answers'] = {}
	const own: Record<`x_${string}`, unknown> = {}
	const description = [draft.description.trim()]
	for (const field of scene.fields) {
		const value = draft.answers[field.name]
		if (isEmpty(value)) continue
		if (isOwn(field.name)) own[field.name] = field.type === 'number' ? numberOf(value) : value
		else if (field.sealed) description.push(`${nameOf(field)}: ${String(value).trim()}`)
		else answers[field.name] = value as string | string[] | boolean
	}
	const danger = scene.name === 'emergency' || draft.safety === 'yes' ? (draft.danger ?? '') : ''
	return {
		scene: scene.name,
		device_id: draft.device_id,
		product_id: draft.device_id ? null : draft.product_id,
		serial: draft.device_id ? null : draft.serial,
		danger: danger as Report['danger'],
		symptoms: scene.symptoms ? draft.symptoms : [],
		description: description.filter(Boolean).join('\n'),
		file_ids: [],
		preferred_day: scene.times ? draft.day : null,
		preferred_time: scene.times ? (draft.time ?? '') : '',
		proof: scene.proof && draft.proof?.kind ? { kind: draft.proof.kind, day: draft.proof.day, file_id: null } : null,
		answers,
		...own,
	}
}

/* Fields that the company itself defines are members of the ticket, not answers of the scene. */
export function isOwn(name: string): name is `x_${string}` {
	return name.startsWith('x_')
}

/* What is no number goes as it is: the server says what it wants. */
function numberOf(value: unknown): unknown {
	const n = Number(String(value).normalize('NFKC').trim())
	return Number.isFinite(n) ? n : value
}

/* Chips in a row: three for short words, two, else one. A Chinese character is as wide as two Latin letters. */
export function columnsFor(labels: string[]): number {
	const widest = Math.max(0, ...labels.map((label) => [...label].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0)))
	return widest <= 10 ? 3 : widest <= 16 ? 2 : 1
}
