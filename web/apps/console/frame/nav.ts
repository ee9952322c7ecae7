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
	{ name: 'service', records: [['rule', 'bolt'], ['template', 'note'], ['macro', 'double'], ['clock_policy', 'clock'], ['clock_measure', 'promise'], ['calendar', 'calendar'], ['custom_field', 'columns'], ['report_form', 'phone'], ['tag', 'tag'], ['webhook', 'link']] },
	{ name: 'channel', records: [['chat_queue', 'list'], ['web_chat', 'sms'], ['wechat_account', 'phone'], ['mail_account', 'mail'], ['sms_gateway', 'sms'], ['phone_line', 'phone'], ['phone_call', 'phone']] },
	{ name: 'knowledge', records: [['article', 'file'], ['phrasing', 'sms'], ['synonym', 'copy'], ['snippet', 'note'], ['question_set', 'list'], ['question_line', 'help'], ['evaluation', 'promise'], ['bot_turn', 'list'], ['model_account', 'bolt'], ['model_call', 'list']] },
	{ name: 'quality', records: [['quality', 'check'], ['quality_rule', 'bolt']] },
	{ name: 'customer', records: [['contact', 'phone'], ['address', 'home'], ['identity', 'link'], ['consent', 'shield']] },
]

/* Own pages or parts of other pages: not in the list of further records. */
const elsewhere = new Set(['flow', 'import', 'import_job', 'outbox', 'file', 'event', 'session', 'setting', 'comment'])

/* Records of meta that no group names. */
export function furtherRecords(all: RecordMeta[]): RecordMeta[] {
	const named = new Set([...railRecords, ...groups.flatMap((g) => g.records)].map(([name]) => name))
	return all.filter((r) => !named.has(r.name) && !elsewhere.has(r.name))
}

/*
 * Pages that are no list of records: what Ctrl K finds, and with `menu` what the menu shows among the tools, in its order. A page without
 * an entry here is found by nobody: nav.test.ts asks for each.
 */
export interface Sight { may: (permission: string) => boolean; mayDo: (record: string, verb: string) => boolean; meta: { records: RecordMeta[] } | null }
export interface Place { to: string; icon: IconName; text: string; menu?: boolean; command?: boolean; may: (s: Sight) => boolean }

export const places: Place[] = [
	{ to: '/ticket/new', icon: 'plus', text: 'ticket.create', command: true, may: (s) => s.may('ticket.create') },
	{ to: '/desk', icon: 'sms', text: 'desk.title', may: (s) => s.mayDo('conversation', 'read') },
	{ to: '/try', icon: 'sms', text: 'try.title', may: (s) => s.may('conversation.work') },
	{ to: '/knowledge', icon: 'knowledge', text: 'knowledge.title', menu: true, may: (s) => s.mayDo('article', 'read') },
	{ to: '/knowledge/evaluation', icon: 'promise', text: 'evaluation.title', may: (s) => s.mayDo('question_set', 'read') },
	{ to: '/knowledge/gaps', icon: 'help', text: 'gap.title', may: (s) => s.may('article.change') },
	{ to: '/desk/floor', icon: 'tv', text: 'floor.title', menu: true, may: (s) => s.may('ticket.supervise') && s.mayDo('conversation', 'read') },
	{ to: '/counter', icon: 'outlet', text: 'counter.title', menu: true, may: (s) => s.may('ticket.create') && s.mayDo('customer', 'read') },
	{ to: '/queue', icon: 'list', text: 'queue.title', may: (s) => s.may('ticket.work') },
	{ to: '/approval', icon: 'gift', text: 'approval.title', may: (s) => s.may('compensation.approve') },
	{ to: '/customer/suspect', icon: 'merge', text: 'suspect.title', may: (s) => s.may('customer.merge') },
	{ to: '/duty/mine', icon: 'calendar', text: 'duty.my_shifts', may: (s) => s.mayDo('shift', 'read') },
	{ to: '/import', icon: 'upload', text: 'import.title', menu: true, may: (s) => Boolean(s.meta?.records.some((r) => s.mayDo(r.name, 'import'))) },
	{ to: '/duty', icon: 'calendar', text: 'duty.title', menu: true, may: (s) => s.mayDo('shift', 'read') },
	{ to: '/wall', icon: 'tv', text: 'wall.title', menu: true, may: (s) => s.may('wall.read') },
	{ to: '/quality/report', icon: 'check', text: 'quality.title', menu: true, may: (s) => s.mayDo('quality', 'read') },
	{ to: '/quality/mine', icon: 'check', text: 'quality.mine', menu: true, may: (s) => s.may('quality.own') },
	{ to: '/weekly', icon: 'mail', text: 'weekly.title', menu: true, may: (s) => s.may('promise.read') },
	{ to: '/outbox', icon: 'outbox', text: 'outbox.title', menu: true, may: (s) => s.mayDo('outbox', 'read') },
	{ to: '/company', icon: 'home', text: 'company.title', menu: true, may: (s) => s.may('setting.read') },
	{ to: '/setting', icon: 'settings', text: 'setting.title', menu: true, may: (s) => s.may('setting.read') },
	{ to: '/flow', icon: 'merge', text: 'flow.title', menu: true, may: (s) => s.may('flow.read') },
	{ to: '/pack', icon: 'parts', text: 'pack.title', menu: true, may: (s) => s.may('setting.read') },
	{ to: '/system', icon: 'info', text: 'system.title', menu: true, may: (s) => s.may('system.read') },
	{ to: '/retention', icon: 'clock', text: 'retention.title', menu: true, may: (s) => s.may('setting.read') },
	{ to: '/breach', icon: 'warn', text: 'breach.title', menu: true, may: (s) => s.may('breach.list') },
	{ to: '/audit', icon: 'shield', text: 'audit.title', menu: true, may: (s) => s.may('audit.read') },
	{ to: '/steps', icon: 'check', text: 'steps.title', menu: true, may: (s) => s.may('setting.change') },
	{ to: '/settings', icon: 'person', text: 'settings.title', menu: true, may: () => true },
]
