/*
 * What a plan of compensation gives, in words, and who may approve it: the server decides, the page says what it decided and why.
 */
import { t } from '@shared/i18n'
import { moneyText } from '@shared/format/text'
import type { Item } from '@shared/api/types'

export interface Sums { total_fen: number; ticket_fen: number; alone_today_fen: number; limit_fen: number; day_limit_fen: number }
export interface Approver { id: string; name: string }
/* Of a plan that is not submitted yet. */
export interface Ask extends Sums { needs_second: boolean; approvers: Approver[] }
/* Of one that is. hand: whoever asks proposed or changed it. */
export interface Approval extends Sums { over_limit: boolean; hand: boolean; may_approve: boolean; approvers: Approver[] }

const PROPOSED = 'state = proposed'
export const waitingFor = {
	me: `${PROPOSED} and proposed_by != me and changed_by != me and (approver_id is none or approver_id = me)`,
	others: `${PROPOSED} and proposed_by = me`,
	anybody: PROPOSED,
} as const

/* `延长保修 6 个月`, `优惠券 ¥50.00`, … */
export function givesOf(plan: Item): string[] {
	const [months, coupon, refund] = [plan.warranty_months, plan.coupon_fen, plan.refund_fen].map((n) => Number(n) || 0)
	return [
		...(months ? [t('plan.months', { n: months })] : []),
		...(coupon ? [t('plan.coupon', { money: moneyText(coupon) })] : []),
		...(refund ? [t('plan.refund', { money: moneyText(refund) })] : []),
	]
}

/* Of something that was given: `保修延长到 2028-01-31`, `退款 ¥20.00`. */
export function grantText(grant: Item): string {
	if (grant.kind === 'warranty') return t('plan.given_warranty', { day: String(grant.until) })
	return t(`plan.${String(grant.kind)}`, { money: moneyText(Number(grant.amount_fen)) })
}

export const isOverTicket = (s: Sums) => s.total_fen + s.ticket_fen > s.limit_fen
const isOverDay = (s: Sums) => s.total_fen + s.alone_today_fen > s.day_limit_fen

/* Which limit it is over; '' when it is within both. */
export function limitText(s: Sums): string {
	if (isOverTicket(s)) return t('plan.over', { money: moneyText(s.limit_fen) })
	return isOverDay(s) ? t('plan.over_day', { today: moneyText(s.alone_today_fen), money: moneyText(s.day_limit_fen) }) : ''
}

export const whoText = (approvers: Approver[]) => (approvers.length ? t('plan.who', { names: approvers.map((a) => a.name).join(t('word.separator')) }) : t('plan.nobody'))

/* Why this person may not approve it. */
export function whyNotText(a: Approval, right: boolean): string {
	if (!right) return t('plan.needs_right')
	return a.hand && a.over_limit ? t('plan.own_hand', { limit: limitText(a) }) : ''
}
