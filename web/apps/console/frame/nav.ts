/*
 * What the rail offers: an entry appears only when its record exists and may be read. The page "more" holds the rest
 * of the records, so that a record added on the server is reachable with no code here.
 */
import type { IconName } from '@shared/icons/paths'
import type { RecordMeta } from '@shared/api/types'

export interface Entry { to: string; icon: IconName; key?: string; label?: RecordMeta['label'] }

/* On the rail itself, in this order. */
export const railRecords: [string, IconName][] = [
	['ticket', 'ticket'], ['task', 'check'], ['device', 'device'], ['customer', 'customers'], ['promise', 'promise'],
]

/* In the menu of the rail's foot, grouped. */
export const groups: { name: string; records: [string, IconName][] }[] = [
	{ name: 'catalogue', records: [['product', 'tag'], ['model', 'list']] },
	{ name: 'people', records: [['user', 'person'], ['invitation', 'mail'], ['role', 'role'], ['team', 'team'], ['region', 'region'], ['api_token', 'key'], ['sign_in_provider', 'shield']] },
	{ name: 'shift', records: [['shift', 'calendar'], ['absence', 'pause'], ['shift_kind', 'clock'], ['break_reason', 'hand'], ['attendance', 'list']] },
	{ name: 'service', records: [['rule', 'bolt'], ['template', 'note'], ['macro', 'double'], ['webhook', 'link'], ['clock_policy', 'clock'], ['clock_measure', 'promise'], ['calendar', 'calendar'], ['custom_field', 'columns'], ['tag', 'tag']] },
	{ name: 'customer', records: [['contact', 'phone'], ['address', 'home'], ['consent', 'shield']] },
]

/* Own pages or parts of other pages: not in the list of further records. */
const elsewhere = new Set(['flow', 'import', 'import_job', 'outbox', 'file', 'event', 'session', 'setting', 'comment'])

/* Records of meta that no group names. */
export function furtherRecords(all: RecordMeta[]): RecordMeta[] {
	const named = new Set([...railRecords, ...groups.flatMap((g) => g.records)].map(([name]) => name))
	return all.filter((r) => !named.has(r.name) && !elsewhere.has(r.name))
}
