/*
 * The report form of the company's pack: scenes with their questions, symptoms by product, dangers. The same the
 * customers see; the console uses its words to show reports and to file them on behalf.
 */
import { shallowRef } from 'vue'
import { pick, t, type Label } from '@shared/i18n'
import { client } from './api'
import { useSession } from './session'

export interface SceneField { name: string; type: string; label: Label; hint: Label | null; required: boolean; sealed: boolean; most: number; choices: { value: string; label: Label }[] }
export interface Scene { name: string; label: Label; device: 'required' | 'optional' | 'none'; safety: boolean; symptoms: boolean; times: boolean; fields: SceneField[] }
export interface Symptom { code: string; label: Label; grade: string }
interface ReportForm { tenant: { name: Label; hotline: string }; scenes: Scene[]; products: { id: string; code: string; name: Label; symptoms: Symptom[] }[] }

export const reportForm = shallowRef<ReportForm | null>(null)
let asked: Promise<void> | null = null

/* Read once; without it codes are shown as they are. What the company asks itself is a field of the ticket and drawn as one. */
export function useReportForm(): typeof reportForm {
	asked ??= client.call<'GET /my/form', ReportForm>('GET /my/form', { query: { tenant: useSession().tenant?.code } }).then((form) => { reportForm.value = { ...form, scenes: form.scenes.map((s) => ({ ...s, fields: s.fields.filter((f) => !f.name.startsWith('x_')) })) } }).catch(() => { asked = null })
	return reportForm
}

/* Of the scenes that there are, those of the company's pack; all of them until the form is read. */
export function scenesOfPack<T extends { value: string }>(choices: T[]): T[] {
	const scenes = reportForm.value?.scenes
	return scenes ? choices.filter((c) => scenes.some((s) => s.name === c.value)) : choices
}

export function symptomsOf(productId: unknown): Symptom[] {
	return reportForm.value?.products.find((p) => p.id === productId)?.symptoms ?? []
}

export function symptomText(productId: unknown, code: string): string {
	const all = symptomsOf(productId)
	const found = all.find((s) => s.code === code) ?? reportForm.value?.products.flatMap((p) => p.symptoms).find((s) => s.code === code)
	return found ? pick(found.label) : code
}

/* Question and answer of a scene in words. */
export function answerText(scene: unknown, name: string, value: unknown): { label: string; text: string } {
	const field = reportForm.value?.scenes.find((s) => s.name === scene)?.fields.find((f) => f.name === name)
	const one = (v: unknown) => pick(field?.choices.find((c) => c.value === v)?.label) || String(v)
	const flag = value === true || value === 'yes' ? t('word.yes') : value === false || value === 'no' ? t('word.no') : null
	return { label: pick(field?.label) || name, text: Array.isArray(value) ? value.map(one).join(t('word.separator')) : flag ?? one(value) }
}
