/* A week of working hours between the form that the server keeps and the rows that people edit. Pure; minutes since midnight. */
export interface Interval { from: number; to: number }
export type Week = Interval[][]
export interface OwnDay { day: string; kind: 'closed' | 'hours' | 'work' | 'without'; hours?: string[]; as?: string | null; name?: { zh: string; en: string } | null; provisional?: boolean }
export interface Form { name: { zh: string; en: string }; zone: string; make_up_as?: string | null; week: { days: string[]; hours: string[] }[]; holidays?: string[]; days?: OwnDay[] }

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const DAY_MINUTES = 1440

const two = (n: number) => String(n).padStart(2, '0')
export const clockText = (minutes: number) => `${two(Math.floor((minutes % DAY_MINUTES) / 60))}:${two(minutes % 60)}`
export function minutesOf(text: string): number {
	const [h, m] = text.split(':').map(Number)
	return h * 60 + m
}

/* "22:00-06:00": an end that is not after the beginning is on the next day. */
export function intervalOf(text: string): Interval {
	const [from, to] = text.split('-').map(minutesOf)
	return { from, to: to > from ? to : to + DAY_MINUTES }
}
/* The end of the day is 24:00; 00:00 can only begin one. */
const endText = (i: Interval) => (i.to === DAY_MINUTES ? '24:00' : clockText(i.to))
export const hoursText = (i: Interval) => `${clockText(i.from)}-${endText(i)}`
/* For reading: 09:00–12:00, 18:00–24:00. */
export const shownText = (i: Interval) => `${clockText(i.from)}–${endText(i)}`

export function weekOf(form: Pick<Form, 'week'>): Week {
	return DAYS.map((day) => sorted(form.week.filter((w) => w.days.includes(day)).flatMap((w) => w.hours.map(intervalOf))))
}

/* Days with the same hours stand together, as a person would write it. */
export function weekForm(week: Week): Form['week'] {
	const out: Form['week'] = []
	week.forEach((intervals, i) => {
		if (!intervals.length) return
		const hours = intervals.map(hoursText)
		const same = out.find((w) => JSON.stringify(w.hours) === JSON.stringify(hours))
		if (same) same.days.push(DAYS[i])
		else out.push({ days: [DAYS[i]], hours })
	})
	return out
}

export const sorted = (intervals: Interval[]) => [...intervals].sort((a, b) => a.from - b.from)

/* With one more, which takes in what it touches; so that dragging never makes an overlap. */
export function joined(intervals: Interval[], fresh: Interval): Interval[] {
	const touching = intervals.filter((i) => i.from <= fresh.to && fresh.from <= i.to)
	const rest = intervals.filter((i) => !touching.includes(i))
	return sorted([...rest, { from: Math.min(fresh.from, ...touching.map((i) => i.from)), to: Math.max(fresh.to, ...touching.map((i) => i.to)) }])
}

/* Where a new interval goes that is asked for by a button: after the last, else office hours. */
export function nextInterval(intervals: Interval[]): Interval {
	const end = Math.max(0, ...intervals.map((i) => i.to))
	if (!intervals.length) return { from: 540, to: 1080 }
	const from = Math.min(end + 60, DAY_MINUTES - 60)
	return { from, to: Math.min(from + 240, DAY_MINUTES) }
}

/* Own days with those of a file: of one day the file's holds. */
export function withDays(own: OwnDay[], more: OwnDay[]): OwnDay[] {
	const named = new Set(more.map((d) => d.day))
	return [...own.filter((d) => !named.has(d.day)), ...more].sort((a, b) => a.day.localeCompare(b.day))
}

/* The Monday on or before the first of a month, which a page of a calendar begins with. */
export function firstShown(month: string): string {
	const first = new Date(`${month}-01T00:00:00Z`)
	first.setUTCDate(first.getUTCDate() - ((first.getUTCDay() + 6) % 7))
	return first.toISOString().slice(0, 10)
}
export function monthBy(month: string, by: number): string {
	const [y, m] = month.split('-').map(Number)
	return new Date(Date.UTC(y, m - 1 + by, 1)).toISOString().slice(0, 7)
}
