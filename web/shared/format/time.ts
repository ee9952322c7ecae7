/*
 * Dates and clock texts as the design words them. Times are UTC milliseconds and are shown in the company's zone.
 * Pure: the caller gives now, zone and language.
 */
import type { Lang } from '../i18n'

export interface When { now: number; zone: string; lang: Lang }

interface Parts { year: number; month: string; day: string; weekday: number; hour: string; minute: string }

const formats = new Map<string, Intl.DateTimeFormat>()
const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const zhWeekday = '日一二三四五六'

function partsOf(ms: number, zone: string): Parts {
	let format = formats.get(zone)
	if (!format) {
		format = new Intl.DateTimeFormat('en-GB', {
			timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit',
			weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
		})
		formats.set(zone, format)
	}
	const p = Object.fromEntries(format.formatToParts(ms).map((x) => [x.type, x.value]))
	return {
		year: Number(p.year), month: p.month, day: p.day, weekday: weekdayNames.indexOf(p.weekday),
		hour: p.hour, minute: p.minute,
	}
}

/* `2026-11-22` in the zone. */
export function dayOf(ms: number, zone: string): string {
	const p = partsOf(ms, zone)
	return `${p.year}-${p.month}-${p.day}`
}

export function weekdayText(weekday: number, lang: Lang): string {
	return lang === 'zh' ? `周${zhWeekday[weekday]}` : weekdayNames[weekday]
}

/* `14:32` in the zone. */
export function hourText(ms: number, zone: string): string {
	const p = partsOf(ms, zone)
	return `${p.hour}:${p.minute}`
}

/* `11-22 周日 14:32`; other years `2025-03-08`. */
export function momentText(ms: number, w: When): string {
	const p = partsOf(ms, w.zone)
	if (p.year !== partsOf(w.now, w.zone).year) return `${p.year}-${p.month}-${p.day}`
	return `${p.month}-${p.day} ${weekdayText(p.weekday, w.lang)} ${p.hour}:${p.minute}`
}

/* Full form for tooltips and proofs: `2026-11-22 周日 14:32`. */
export function exactText(ms: number, w: When): string {
	const p = partsOf(ms, w.zone)
	return `${p.year}-${p.month}-${p.day} ${weekdayText(p.weekday, w.lang)} ${p.hour}:${p.minute}`
}

/* Narrow form for table cells: today `14:32`, this year `11-22`, else `2025-03-08`. */
export function shortText(ms: number, w: When): string {
	const p = partsOf(ms, w.zone)
	if (dayOf(ms, w.zone) === dayOf(w.now, w.zone)) return `${p.hour}:${p.minute}`
	return p.year === partsOf(w.now, w.zone).year ? `${p.month}-${p.day}` : `${p.year}-${p.month}-${p.day}`
}

/* For timelines: today `14:32`, else `11-22 14:32`, other years `2025-03-08`. */
export function lineText(ms: number, w: When): string {
	const p = partsOf(ms, w.zone)
	if (dayOf(ms, w.zone) === dayOf(w.now, w.zone)) return `${p.hour}:${p.minute}`
	if (p.year !== partsOf(w.now, w.zone).year) return `${p.year}-${p.month}-${p.day}`
	return `${p.month}-${p.day} ${p.hour}:${p.minute}`
}

/* Relative only under one hour, then `lineText`. */
export function agoText(ms: number, w: When): string {
	const minutes = Math.floor((w.now - ms) / 60_000)
	if (minutes < 0 || minutes >= 60) return lineText(ms, w)
	if (minutes === 0) return w.lang === 'zh' ? '刚刚' : 'just now'
	return w.lang === 'zh' ? `${minutes} 分钟前` : `${minutes} min ago`
}

/* A date without time as the server sends it (`2025-03-08`); drops the year when it is this one. */
export function dayText(day: string, w: When): string {
	return day.startsWith(`${partsOf(w.now, w.zone).year}-`) ? day.slice(5) : day
}

/* Length of a span: 48 秒 · 2 分 12 秒 · 26 分 · 2 小时 · 1 时 37 分 · 2 天 3 时; en 48s 2m 12s 26m 2h 1h 37m 2d 3h. Alone, 2 时 would be two o'clock. */
export function spanText(ms: number, lang: Lang): string {
	const s = Math.floor(Math.abs(ms) / 1000)
	const unit = lang === 'zh' ? { d: ' 天', h: ' 时', m: ' 分', s: ' 秒', hours: ' 小时' } : { d: 'd', h: 'h', m: 'm', s: 's', hours: 'h' }
	const two = (a: number, ua: string, b: number, ub: string) => (b ? `${a}${ua} ${b}${ub}` : `${a}${ua}`)
	if (s < 60) return `${s}${unit.s}`
	if (s < 300) return two(Math.floor(s / 60), unit.m, s % 60, unit.s)
	if (s < 3600) return `${Math.floor(s / 60)}${unit.m}`
	const minutes = Math.floor((s % 3600) / 60)
	if (s < 86_400) return two(Math.floor(s / 3600), minutes ? unit.h : unit.hours, minutes, unit.m)
	return two(Math.floor(s / 86_400), unit.d, Math.floor((s % 86_400) / 3600), unit.h)
}
