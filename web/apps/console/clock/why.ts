/* What a clock's reckoning is made of, arranged for a table and a picture of days. Pure. */
import type { Label, Lang } from '@shared/i18n'
import { hourText, weekdayText, type When } from '@shared/format/time'
import type { Clock } from './clock'

export interface LedgerRow { kind: 'counted' | 'paused' | 'closed'; day: string; last_day: string; from: number; to: number; counted_ms: number; sum_ms: number; why: Label | null; provisional: boolean }
export interface ClockEvent { kind: string; at: number; percent: number; target_ms: number; policy_id: string; due_at: number | null }

export interface Why extends Clock {
	rows: LedgerRow[]
	cut: boolean
	/* Working time around the clock, this clock's or not. */
	open: [number, number][]
	events: ClockEvent[]
	calendar: { id: string; version: number; name: Label } | null
	condition: string | null
	policy_version: number
	soon_percent: number
	ladder: { percent: number; to: string }[]
	replayed_due_at: number | null
	now: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/* 周六 11-21 */
export function dayName(day: string, lang: Lang): string {
	return `${weekdayText(new Date(`${day}T00:00:00Z`).getUTCDay(), lang)} ${day.slice(5)}`
}

/* Hours and minutes of a column that adds up: 1:34. */
export function sumText(minutes: number): string {
	return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

export interface TableRow extends LedgerRow { first: boolean; counted: number; sum: number; time: 'past' | 'ahead'; ends: 'now' | 'due' | null }

/* Minutes are cut from the sums and the rows are their differences, so what is shown adds up to what is shown. */
export function tableOf(w: Why): TableRow[] {
	let sum = 0
	let day = ''
	const until = w.ended_at ?? w.now
	return w.rows.map((r) => {
		const next = Math.floor(r.sum_ms / MINUTE_MS)
		const row: TableRow = {
			...r, first: r.day !== day, counted: next - sum, sum: next, time: r.kind !== 'closed' && r.from >= until ? 'ahead' : 'past',
			ends: r.kind === 'closed' ? null : r.to === w.due_at ? 'due' : r.to === until && w.state === 'running' ? 'now' : null,
		}
		sum = next
		day = r.day
		return row
	})
}

export interface Bar { kind: 'counted' | 'ahead' | 'paused' | 'open'; left: number; width: number }
export interface DayLine { day: string; bars: Bar[]; marks: { kind: 'start' | 'now' | 'due'; at: number; text: string }[] }
export interface Picture { hours: { hour: number; at: number }[]; lines: DayLine[]; left_out: number }

const MOST_LINES = 10
const FIRST_LINES = 3

/* Days with something of this clock, each as bars on one axis of hours; of very many the first and the last. */
export function pictureOf(w: Why, when: When): Picture {
	const until = w.ended_at ?? w.now
	const days = [...new Set(w.rows.filter((r) => r.kind !== 'closed').map((r) => r.day))]
	const kept = days.length > MOST_LINES ? [...days.slice(0, FIRST_LINES), ...days.slice(FIRST_LINES - MOST_LINES)] : days
	const lines = kept.map((day) => ({ day, start: midnight(w, day, when.zone), rows: w.rows.filter((r) => r.kind !== 'closed' && r.day === day) }))
	const clip = (from: number, to: number, start: number): [number, number] | null => {
		const span: [number, number] = [Math.max(0, from - start), Math.min(DAY_MS, to - start)]
		return span[1] > span[0] ? span : null
	}
	const open = lines.map((l) => w.open.flatMap(([from, to]) => { const s = clip(from, to, l.start); return s ? [s] : [] }))
	const edges = lines.flatMap((l, i) => [...open[i].flat(), ...l.rows.flatMap((r) => clip(r.from, r.to, l.start) ?? [])])
	const first = Math.floor(Math.min(...edges, DAY_MS) / HOUR_MS)
	const last = Math.max(first + 1, Math.ceil(Math.max(...edges, 0) / HOUR_MS))
	const place = (ms: number) => ((ms / HOUR_MS - first) / (last - first)) * 100
	const bar = (kind: Bar['kind'], [from, to]: [number, number]): Bar => ({ kind, left: place(from), width: place(to) - place(from) })
	const mark = (kind: 'start' | 'now' | 'due', at: number | null, l: { start: number }) =>
		(at !== null && at >= l.start && at < l.start + DAY_MS && place(at - l.start) >= 0 && place(at - l.start) <= 100 ? [{ kind, at: place(at - l.start), text: hourText(at, when.zone) }] : [])
	return {
		hours: hoursOf(first, last).map((hour) => ({ hour, at: place(hour * HOUR_MS) })), left_out: days.length - kept.length,
		lines: lines.map((l, i) => ({
			day: l.day,
			bars: [...open[i].map((s) => bar('open', s)), ...l.rows.flatMap((r) => {
				const s = clip(r.from, r.to, l.start)
				return s ? [bar(r.kind === 'paused' ? 'paused' : r.from >= until ? 'ahead' : 'counted', s)] : []
			})],
			marks: [...mark('start', w.from_at, l), ...(w.state === 'running' ? mark('now', w.now, l) : []), ...mark('due', w.due_at, l)],
		})),
	}
}

/* The instant at which the wall of the zone shows 0:00 of a day, from a row of that day. */
function midnight(w: Why, day: string, zone: string): number {
	const row = w.rows.find((r) => r.day === day && r.kind !== 'closed')!
	const [hour, minute] = hourText(row.from, zone).split(':').map(Number)
	return row.from - (row.from % MINUTE_MS) - hour * HOUR_MS - minute * MINUTE_MS
}

function hoursOf(first: number, last: number): number[] {
	const step = last - first > 16 ? 4 : last - first > 6 ? 2 : 1
	const all: number[] = []
	for (let h = Math.ceil(first / step) * step; h <= last; h += step) all.push(h)
	return all
}

export function pausedMs(w: Why): number {
	return w.rows.reduce((sum, r) => sum + (r.kind === 'paused' ? Math.max(0, Math.min(r.to, w.now) - r.from) : 0), 0)
}
