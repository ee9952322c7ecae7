/* An entry of the audit, and its words. */
import { has, pick, t } from '@shared/i18n'
import type { ActorKind, RecordMeta } from '@shared/api/types'

export interface Entry {
	no: number
	at: number
	kind: string
	area: string
	actor: { kind: ActorKind; id: string; name: string | null }
	object: string
	object_id: string
	title: string | null
	why: string
	field: string | null
	fields: Record<string, [unknown, unknown] | null> | null
	data: Record<string, unknown>
	request_id: string
}
export interface Page { items: Entry[]; next: number | null; tired: boolean }

export const areas = ['sign_in', 'reading', 'export', 'right', 'setting', 'privacy'] as const

/* What auditors ask again and again, each about the last seven days. */
export const questions: Record<string, Record<string, string>> = {
	phones: { area: 'reading', field: 'phone,contact_phone' },
	sign_ins: { area: 'sign_in', kind: 'user.sign_in_failed,user.sign_in_refused,user.locked,customer.sign_in_refused' },
	rights: { area: 'right' },
}
/* The day seven days before `at` in the company's zone: "2026-11-22". */
export function weekBefore(at: number, zoneMinutes: number): string {
	return new Date(at + zoneMinutes * 60000 - 7 * 86400000).toISOString().slice(0, 10)
}

/* `customer.revealed` → 客户 · 查看原文; a kind without words is shown as it is. */
export function didText(entry: Pick<Entry, 'kind' | 'object'>, record: RecordMeta | undefined): string {
	const what = entry.kind.slice(entry.kind.indexOf('.') + 1)
	const verb = has(`audit.did_${what}`) ? t(`audit.did_${what}`) : entry.kind
	const of = entry.object === 'setting' ? t('setting.title') : entry.kind === 'demo.removed' ? t('demo.title') : entry.object === 'retention' ? t('retention.title') : pick(record?.label)
	return of && verb !== entry.kind ? `${of} · ${verb}` : verb
}

/* Why: the reason given, else what the event itself says. */
export function whyText(entry: Pick<Entry, 'why' | 'data'> & { object?: string }): string {
	if (entry.why) return entry.why
	if (entry.object === 'retention') return t('retention.told', { kind: t(`retention.kind_${String(entry.data.kind)}`), n: String(entry.data.removed), held: String(entry.data.held) })
	if (entry.data.why === 'unknown') return t('audit.unknown_account')
	return entry.data.why === 'locked' ? t('audit.locked') : ''
}

/* The beginning of a day in the company's zone, and of the day after. */
export function dayStart(day: string, zoneMinutes: number, plus = 0): number | undefined {
	const at = Date.parse(`${day}T00:00:00Z`)
	return Number.isNaN(at) ? undefined : at + plus * 86400000 - zoneMinutes * 60000
}
