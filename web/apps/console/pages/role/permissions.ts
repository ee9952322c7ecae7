/*
 * The matrix of permissions: one row a record with its verbs, flow rights among them, and what belongs to no record.
 * Made from meta, so that a new record's rights appear with it.
 */
import { has, pick, t } from '@shared/i18n'
import type { Meta } from '@shared/api/types'
import { useSession } from '../../app/session'

export const verbs = ['read', 'create', 'change', 'archive', 'import', 'export', 'reveal'] as const

export interface Row { name: string; label: string; verbs: Map<string, string>; more: { permission: string; label: string }[] }

export function rowsOf(meta: Meta): { rows: Row[]; other: { permission: string; label: string }[] } {
	const all = new Set(meta.permissions ?? [])
	const rows = meta.records.map((r): Row => {
		const mine = [...all].filter((p) => p.startsWith(`${r.name}.`))
		const known = verbs as readonly string[]
		return {
			name: r.name, label: pick(r.label),
			verbs: new Map(mine.filter((p) => known.includes(p.slice(r.name.length + 1))).map((p) => [p.slice(r.name.length + 1), p])),
			more: mine.filter((p) => !known.includes(p.slice(r.name.length + 1))).map((p) => ({ permission: p, label: permissionText(p) })),
		}
	}).filter((r) => r.verbs.size || r.more.length)
	const named = new Set(rows.flatMap((r) => [...r.verbs.values(), ...r.more.map((m) => m.permission)]))
	return { rows, other: [...all].filter((p) => !named.has(p) && p !== '*').map((permission) => ({ permission, label: permissionText(permission) })) }
}

/* A right without words of its own is a verb of a record (修改任务); one that is neither is shown by its name. */
export function permissionText(permission: string): string {
	const key = `permission.${permission.replace('.', '_')}`
	if (has(key)) return t(key)
	const [record, verb] = permission.split('.')
	const label = pick(useSession().record(record)?.label)
	return label && has(`verb.${verb}`) ? t('permission.of_record', { verb: t(`verb.${verb}`), record: label }) : permission
}
