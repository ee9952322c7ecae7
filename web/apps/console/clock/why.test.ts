/* The case of the design's picture: begun on Saturday 10:26, lunch closed, an hour and a half of waiting, now Sunday 14:32, due on Monday. */
import { describe, expect, it } from 'vitest'
import { pausedMs, pictureOf, sumText, tableOf, type LedgerRow, type Why } from './why'

const at = (day: number, clock: string) => Date.parse(`2026-11-${day}T${clock}:00+08:00`)
const minutes = (text: string) => { const [h, m] = text.split(':').map(Number); return (h * 60 + m) * 60_000 }
const row = (kind: LedgerRow['kind'], day: number, from: string, to: string, counted: string, sum: string): LedgerRow =>
	({ kind, day: `2026-11-${day}`, last_day: `2026-11-${day}`, from: at(day, from), to: at(day, to), counted_ms: minutes(counted), sum_ms: minutes(sum), why: null, provisional: false })
const when = { now: at(22, '14:32'), zone: 'Asia/Shanghai', lang: 'zh' as const }
const why = {
	state: 'running', from_at: at(21, '10:26'), due_at: at(23, '16:56'), ended_at: null, now: when.now, target_ms: 24 * 3_600_000,
	open: [[at(21, '08:00'), at(21, '12:00')], [at(21, '13:00'), at(21, '21:00')], [at(22, '09:00'), at(22, '12:00')], [at(22, '13:00'), at(22, '18:00')], [at(23, '08:00'), at(23, '12:00')], [at(23, '13:00'), at(23, '21:00')]],
	rows: [
		row('counted', 21, '10:26', '12:00', '1:34', '1:34'), row('counted', 21, '13:00', '14:10', '1:10', '2:44'), row('paused', 21, '14:10', '15:40', '0:00', '2:44'), row('counted', 21, '15:40', '21:00', '5:20', '8:04'),
		row('counted', 22, '09:00', '12:00', '3:00', '11:04'), row('counted', 22, '13:00', '14:32', '1:32', '12:36'), row('counted', 22, '14:32', '18:00', '3:28', '16:04'),
		row('counted', 23, '08:00', '12:00', '4:00', '20:04'), row('counted', 23, '13:00', '16:56', '3:56', '24:00'),
	],
} as unknown as Why

describe('why a clock is due', () => {
	it('is a table whose rows add up, with the line of now and the due one', () => {
		const rows = tableOf(why)
		expect(rows.map((r) => `${r.first ? r.day.slice(8) : ''} ${sumText(r.counted)} ${sumText(r.sum)} ${r.time}${r.ends ? ` ${r.ends}` : ''}`)).toEqual([
			'21 1:34 1:34 past', ' 1:10 2:44 past', ' 0:00 2:44 past', ' 5:20 8:04 past', '22 3:00 11:04 past', ' 1:32 12:36 past now', ' 3:28 16:04 ahead', '23 4:00 20:04 ahead', ' 3:56 24:00 ahead due',
		])
	})
	it('adds up in minutes even where seconds do not', () => {
		const odd = { ...why, rows: [{ ...why.rows[0], counted_ms: 90_000, sum_ms: 90_000 }, { ...why.rows[1], counted_ms: 90_000, sum_ms: 180_000 }] }
		expect(tableOf(odd).map((r) => [r.counted, r.sum])).toEqual([[1, 1], [2, 3]])
	})
	it('is a bar a day on one axis, and what was not this clock beneath', () => {
		const p = pictureOf(why, when)
		expect(p.hours.map((h) => h.hour)).toEqual([8, 10, 12, 14, 16, 18, 20])
		expect(p.lines.map((l) => l.day.slice(8))).toEqual(['21', '22', '23'])
		expect(p.lines[0].bars.map((b) => b.kind)).toEqual(['open', 'open', 'counted', 'counted', 'paused', 'counted'])
		expect(p.lines[1].bars.filter((b) => b.kind === 'ahead')).toHaveLength(1)
		expect(p.lines.flatMap((l) => l.marks.map((m) => `${m.kind} ${m.text}`))).toEqual(['start 10:26', 'now 14:32', 'due 16:56'])
		expect(p.lines[0].marks[0].at).toBeCloseTo((146 / 780) * 100)
	})
	it('leaves out days in the middle of very many', () => {
		const many = { ...why, rows: Array.from({ length: 20 }, (_, i) => row('counted', i + 10, '09:00', '10:00', '1:00', `${i + 1}:00`)) }
		const p = pictureOf(many, when)
		expect([p.lines.length, p.left_out]).toEqual([10, 10])
	})
	it('knows how long it stood', () => expect(pausedMs(why)).toBe(90 * 60_000))
})
