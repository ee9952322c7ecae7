/*
 * The unfinished report of each scene, kept on the phone with its photos while the person writes, and for a week.
 * Never on the server. A stored draft is plain data.
 */
import { get, put, remove } from './lib/store'
import type { Part } from './lib/part'

export interface Draft {
	device_id: string | null
	product_id: string | null
	serial: string | null
	safety: 'no' | 'yes' | null
	danger: string | null
	symptoms: string[]
	description: string
	day: string | null
	time: string | null
	answers: Record<string, string | string[] | boolean | null>
	proof: { kind: string | null; day: string } | null
	parts: Part[]
	proof_part: Part | null
	kept_at: number
}

const WEEK_MS = 7 * 24 * 3600 * 1000
const keyOf = (scene: string) => `draft:${scene}`

export function emptyDraft(): Draft {
	return {
		device_id: null, product_id: null, serial: null, safety: null, danger: null, symptoms: [], description: '',
		day: null, time: null, answers: {}, proof: null, parts: [], proof_part: null, kept_at: 0,
	}
}

/* True when there is something that would hurt to lose. */
export function isWorthKeeping(draft: Draft): boolean {
	const answered = Object.values(draft.answers).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)))
	return draft.description.trim() !== '' || draft.symptoms.length > 0 || draft.parts.length > 0 || answered ||
		draft.danger !== null || draft.serial !== null || draft.proof !== null
}

export async function keepDraft(scene: string, draft: Draft, now: number): Promise<void> {
	if (isWorthKeeping(draft)) await put(keyOf(scene), { ...draft, kept_at: now })
	else await remove(keyOf(scene))
}

export async function keptDraft(scene: string, now: number): Promise<Draft | null> {
	const draft = await get<Draft>(keyOf(scene))
	return draft && now - draft.kept_at < WEEK_MS ? draft : null
}

export async function dropDraft(scene: string): Promise<void> {
	await remove(keyOf(scene))
}
