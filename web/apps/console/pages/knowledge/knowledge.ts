/* The knowledge base as the server tells it, and the draft that an editor works on: the company's row, or what the pack says until there is one. */
import type { Label } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import type { Tree } from './tree'

export interface Head {
	code: string; kind: string; state: string; in_force: string; from: 'pack' | 'changed' | 'own'; offered: boolean; due: boolean; expired: boolean; id: string | null
	product: string; topic: string; fault_code: string; danger: string; title: Label; phrasings: number; used: number; helpful: number; unhelpful: number
}
export interface Words {
	audience: string; product: string; topic: string; fault_code: string; danger: string; act: string; source: string
	models: string[]; see: string[]; title: Label; cause: Label; body: Label; tree: Partial<Tree>
}
export interface Phrase { text: string; id: string | null; of_pack: boolean; off: boolean; mined: boolean }
export interface Product { code: string; name: Label }
export interface Entry {
	head: Head | null; row: Item | null; archived: boolean; pack_newer: boolean; pack: Words | null
	phrasings?: Phrase[]; seen_from: { code: string; title: Label }[]; products: Product[]
}
export interface Listing { items: Head[]; total: number; next: string | null; products: Product[] }

export interface Draft {
	code: string; kind: string; title_zh: string; title_en: string; product: string; models: string[]; topic: string; fault_code: string
	cause_zh: string; cause_en: string; body_zh: string; body_en: string; tree: Partial<Tree>; audience: string; danger: string; source: string; act: string
	see: string[]; review_on: string; expires_on: string
}

export const empty = (kind: string): Draft => ({
	code: '', kind, title_zh: '', title_en: '', product: '', models: [], topic: kind === 'fault_code' ? 'code' : kind === 'fault_tree' ? 'fault' : '', fault_code: '', cause_zh: '', cause_en: '',
	body_zh: '', body_en: '', tree: {}, audience: 'public', danger: '', source: '', act: '', see: [], review_on: '', expires_on: '',
})

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export function ofPack(code: string, kind: string, w: Words): Draft {
	return copy({
		...empty(kind), code, title_zh: w.title.zh, title_en: w.title.en, product: w.product, models: w.models, topic: w.topic, fault_code: w.fault_code, cause_zh: w.cause.zh, cause_en: w.cause.en,
		body_zh: w.body.zh, body_en: w.body.en, tree: w.tree, audience: w.audience, danger: w.danger, source: w.source, act: w.act, see: w.see,
	})
}

export function ofRow(row: Item): Draft {
	const start = empty(String(row.kind))
	return copy(Object.fromEntries(Object.entries(start).map(([name, nothing]) => [name, row[name] ?? nothing])) as unknown as Draft)
}

/* What is not chosen goes as null. */
export function sent(d: Draft): Record<string, unknown> {
	return Object.fromEntries(Object.entries(d).map(([name, v]) => [name, v === '' && ['topic', 'danger', 'act', 'review_on', 'expires_on'].includes(name) ? null : v]))
}

/* "KFR-35GW、KFR-72LW" */
export const listed = (names: string[]) => names.join(', ')
export const parts = (text: string) => [...new Set(text.split(/[,，、;；\s]+/).filter(Boolean))]
