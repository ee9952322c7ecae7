/* Figures of promises as the server tells them, and their words. */
import { t } from '@shared/i18n'
import type { Lang } from '@shared/i18n'
import { NONE, numberText } from '@shared/format/text'
import { spanText } from '@shared/format/time'
import { addDays, mondayOf } from '../duty/week'

export interface Sum { cases: number; held: number; total: number; margin: number; actual: number | null }
export type State = 'held' | 'near' | 'missed' | 'few' | 'none'
export interface Promised extends Sum {
	id: string; code: string; area: string; name: string; meaning: string; object: string
	unit: 'share' | 'duration'; direction: 'least' | 'most'; target: number; state: State; change: number | null; points: Sum[]
}
export interface Span { from: string; to: string }
export interface Figures { period: string; at: number; periods: Span[]; items: Promised[] }
export interface Share extends Sum { id: string; title: string | null }
export interface Finding extends Share { by: string }
export interface One { period: string; periods: Span[]; promise: Promised | null; by: string; shares: Share[]; finding: Finding | null }

export const periods = ['day', 'week', 'month'] as const
/* By fault first, as far as what is measured has one: tickets, and tasks about them. */
const parts = ['symptom', 'region', 'product', 'team', 'user', 'channel'] as const
export const partsOf = (p: Pick<Promised, 'object'>) => parts.filter((by) => by !== 'symptom' || ['ticket', 'task'].includes(p.object))
/* What nothing is known of: it belongs to none, or to a fault that the form does not name. */
export const partTitle = (by: string, share: { id: string; title: string | null }) => share.title ?? t(by !== 'symptom' ? 'promises.unassigned' : share.id === '0' ? 'promises.no_fault' : 'promises.other_fault')

export function amount(p: Pick<Promised, 'unit'>, value: number | null, lang: Lang): string {
	if (value === null) return NONE
	return p.unit === 'share' ? `${value.toFixed(1)}%` : spanText(Math.round(value), lang)
}
export function targetText(p: Pick<Promised, 'unit' | 'direction' | 'target'>, lang: Lang): string {
	const sign = p.direction === 'least' ? '≥ ' : '≤ '
	return sign + (p.unit === 'share' ? `${Number(p.target.toFixed(2))}%` : spanText(p.target, lang))
}
export function changeText(p: Pick<Promised, 'unit' | 'change'>, lang: Lang): string {
	if (p.change === null) return NONE
	const sign = p.change > 0 ? '+' : p.change < 0 ? '−' : ''
	const size = Math.abs(p.change)
	return sign + (p.unit === 'share' ? size.toFixed(1) : spanText(Math.round(size), lang))
}
/* How many cases more would have had to hold; 0: less than half of one, or it is no question of cases. */
export const casesShort = (p: Pick<Promised, 'unit' | 'margin'>) => (p.unit === 'share' && p.margin < 0 ? Math.round(-p.margin / 10000) : 0)
/* How far from the target: percentage points and how many cases that is, or time. */
export function gapText(p: Promised, lang: Lang): string {
	if (!p.cases) return ''
	const gap = Math.abs(p.margin / p.cases)
	const size = p.unit === 'share' ? t('promises.points', { n: (gap / 100).toFixed(1) }) : spanText(Math.round(gap), lang)
	const n = casesShort(p)
	const known = ['ticket', 'conversation', 'task', 'quality'].includes(p.object) ? p.object : 'any'
	return t(p.margin < 0 ? 'promises.short' : 'promises.beyond', { gap: size }) + (n ? ` · ${t(`promises.about_${known}`, { n: numberText(n) })}` : '')
}

/* The week of the year as ISO 8601 counts it: weeks begin on Monday, and the first is the one with the year's first Thursday. */
export function weekOf(day: string): number {
	const thursday = addDays(mondayOf(day), 3)
	return 1 + Math.floor((Date.parse(thursday) - Date.parse(`${thursday.slice(0, 4)}-01-01`)) / (7 * 86_400_000))
}
/* A period in words; the year stands there where it is not the present one. */
export function periodText(period: string, span: Span, today: string): string {
	const short = (day: string) => (day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day)
	const days = span.from === span.to ? short(span.from) : t('promises.span', { from: short(span.from), to: short(span.to) })
	return period === 'week' ? t('promises.week_span', { n: weekOf(span.from), days }) : days
}
/* Under a plot there is little room. */
export const tickText = (period: string, span: Span) => (period === 'week' ? t('promises.week', { n: weekOf(span.from) }) : period === 'month' ? span.from.slice(0, 7) : span.from.slice(5))

/* Low and high of a plot; never the same. */
export type Box = [number, number]
export const heightOf = (v: number, height: number, [low, high]: Box) => height - ((v - low) / (high - low)) * height

/* A line through values of a box; where there is none it breaks. */
export function linePath(values: (number | null)[], width: number, height: number, box: Box): string {
	let pen = false
	return values.map((v, i) => {
		if (v === null) { pen = false; return '' }
		const part = `${pen ? 'L' : 'M'}${((i * width) / (values.length - 1)).toFixed(1)} ${heightOf(v, height, box).toFixed(1)}`
		pen = true
		return part
	}).join('')
}
export function range(p: Promised): Box {
	const known = [...p.points.flatMap((s) => (s.actual === null ? [] : [s.actual])), p.target]
	const [low, high] = [Math.min(...known), Math.max(...known)]
	const room = (high - low) * 0.1 || Math.max(high * 0.02, 1)
	return [Math.max(0, low - room), p.unit === 'share' ? Math.min(100, high + room) : high + room]
}

/* Several parts as one. */
export function restOf(p: Pick<Promised, 'unit'>, shares: Sum[]): Sum {
	const sum = (what: 'cases' | 'held' | 'total' | 'margin') => shares.reduce((n, s) => n + s[what], 0)
	const [cases, held, total] = [sum('cases'), sum('held'), sum('total')]
	return { cases, held, total, margin: sum('margin'), actual: cases ? (p.unit === 'share' ? (100 * held) / cases : total / cases) : null }
}
