/*
 * The report form in force: scenes with their questions, symptoms by product. The same that customers see, and besides, off, what is no
 * longer asked or was never asked here: tickets hold answers to it. The console shows reports by it and files them on behalf.
 */
import { shallowRef } from 'vue'
import { pick, t, type Label } from '@shared/i18n'
import { client } from './api'
import { kept } from './kept'

export interface FieldChoice { value: string; label: Label; off?: boolean }
export interface SceneField { name: string; type: string; label: Label; hint: Label | null; required: boolean; sealed: boolean; most: number; choices: FieldChoice[]; off?: boolean }
export interface Scene { name: string; label: Label; device: 'required' | 'optional' | 'none'; safety: boolean; symptoms: boolean; times: boolean; fields: SceneField[]; off?: boolean }
export interface Symptom { code: string; label: Label; grade: string; off?: boolean }
export interface ReportForm {
	tenant: { name: Label; hotline: string }; scenes: Scene[]; products: { id: string; code: string; name: Label; symptoms: Symptom[] }[]
	safety: { question: Label }; times: { value: string; label: Label }[]
}

export const reportForm = shallowRef<ReportForm | null>(null)
const FRESH_MS = 60_000

/* What the company asks itself is a field of the ticket and drawn as one. */
const withoutOwn = (form: ReportForm): ReportForm => ({ ...form, scenes: form.scenes.map((s) => ({ ...s, fields: s.fields.filter((f) => !f.name.startsWith('x_')) })) })
export const readForm = () => client.get<ReportForm>('/report_form/now')
const forms = kept(FRESH_MS, async () => { reportForm.value = withoutOwn(await readForm()) })

/* Read anew after a minute, at once where it matters (`now`); until it is there, and without it, codes are shown as they are. */
export function useReportForm(now = false): typeof reportForm {
	(now ? forms.anew('') : forms.get('')).catch(() => { /* without it */ })
	return reportForm
}

/* Of the scenes that there are, those that the form asks; all of them until it is read. */
export function scenesOfPack<T extends { value: string }>(choices: T[]): T[] {
	const scenes = reportForm.value?.scenes.filter((s) => !s.off)
	return scenes ? scenes.flatMap((s) => choices.find((c) => c.value === s.name) ?? []) : choices
}

const allSymptoms = (productId: unknown) => reportForm.value?.products.find((p) => p.id === productId)?.symptoms ?? []
export const symptomsOf = (productId: unknown): Symptom[] => allSymptoms(productId).filter((s) => !s.off)

export function symptomText(productId: unknown, code: string): string {
	const found = allSymptoms(productId).find((s) => s.code === code) ?? reportForm.value?.products.flatMap((p) => p.symptoms).find((s) => s.code === code)
	return found ? pick(found.label) : code
}

/* Question and answer of a scene in words. */
export function answerText(scene: unknown, name: string, value: unknown): { label: string; text: string } {
	const field = reportForm.value?.scenes.find((s) => s.name === scene)?.fields.find((f) => f.name === name)
	const one = (v: unknown) => pick(field?.choices.find((c) => c.value === v)?.label) || String(v)
	const flag = value === true || value === 'yes' ? t('word.yes') : value === false || value === 'no' ? t('word.no') : null
	return { label: pick(field?.label) || name, text: Array.isArray(value) ? value.map(one).join(t('word.separator')) : flag ?? one(value) }
}
