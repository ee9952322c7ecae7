/*
 * The matrix of permissions: one row a record with its verbs, flow rights among them, and what belongs to no record.
 * Made from meta, so that a new record's rights appear with it.
 */
import { has, pick, t, type Label } from '@shared/i18n'
import type { Meta } from '@shared/api/types'

export const verbs = ['read', 'create', 'change', 'archive', 'import', 'export', 'reveal'] as const

export interface Row { name: string; label: string; verbs: Map<string, string>; more: { permission: string; label: string }[] }

export function rowsOf(meta: Meta): { rows: Row[]; other: { permission: string; label: string }[] } {
	const all = new Map((meta.permissions ?? []).map((p) => [p.name, p.label]))
	for (const r of meta.records) for (const p of r.permissions ?? []) if (!all.has(p)) all.set(p, { zh: p, en: p })
	const rows = meta.records.map((r): Row => {
		const mine = [...all.keys()].filter((p) => p.startsWith(`${r.name}.`))
		const known = verbs as readonly string[]
		return {
			name: r.name, label: pick(r.label),
			verbs: new Map(mine.filter((p) => known.includes(p.slice(r.name.length + 1))).map((p) => [p.slice(r.name.length + 1), p])),
			more: mine.filter((p) => !known.includes(p.slice(r.name.length + 1))).map((p) => ({ permission: p, label: words(p, all.get(p)!) })),
		}
	}).filter((r) => r.verbs.size || r.more.length)
	const named = new Set(rows.flatMap((r) => [...r.verbs.values(), ...r.more.map((m) => m.permission)]))
	return { rows, other: [...all].filter(([p]) => !named.has(p) && p !== '*').map(([permission, label]) => ({ permission, label: words(permission, label) })) }
}

function words(permission: string, label: Label): string {
	const key = `permission.${permission.replace('.', '_')}`
	return has(key) ? t(key) : pick(label)
}
