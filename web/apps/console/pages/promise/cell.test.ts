import { describe, expect, test } from 'vitest'
import { cellText, readCell } from './cell'

const week = { from: '2026-11-16', to: '2026-11-22' }

describe('the rows behind a figure', () => {
	test('are named by promise, days and what the page is filtered by', () => {
		expect(cellText('17', 'missed', week, { period: 'week', region_id: '5' }, { by: 'team', ids: ['8', '9'], without: true })).toBe('17.missed.2026-11-16.2026-11-22.region=5.team!=8,9')
	})
	test('a part takes the place of its filter', () => {
		expect(cellText('17', 'all', week, { region_id: '5' }, { by: 'region', ids: ['0'], without: false })).toBe('17.all.2026-11-16.2026-11-22.region=0')
	})
	test('by a fault are read back as well', () => {
		const text = cellText('17', 'missed', week, { team_id: '8' }, { by: 'symptom', ids: ['77'], without: false })
		expect(text).toBe('17.missed.2026-11-16.2026-11-22.team=8.symptom=77')
		expect(readCell(text)?.parts[1]).toEqual({ by: 'symptom', ids: ['77'], without: false })
	})
	test('are read back, and nothing else is', () => {
		expect(readCell('17.missed.2026-11-16.2026-11-22.team!=8,9')).toEqual({ promise: '17', which: 'missed', ...week, parts: [{ by: 'team', ids: ['8', '9'], without: true }] })
		for (const wrong of ['', '17', 'x.missed.a.b', '17.some.a.b', '17.all.a.b.team', '17.all.a.b.<b>=1']) expect(readCell(wrong)).toBeNull()
	})
})
