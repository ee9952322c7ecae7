import { beforeAll, describe, expect, test } from 'vitest'
import { ownTexts, useLang } from '@shared/i18n'
import { casesShort, gapText, partsOf, periodText, tickText, weekOf, type Promised } from './promise'

const missed = { unit: 'share', object: 'ticket', cases: 2894, margin: -376220, points: [] } as unknown as Promised

ownTexts({ zh: () => import('../../i18n/zh-CN'), en: () => import('../../i18n/en') })
beforeAll(() => useLang('zh'))

describe('the gap of a promise', () => {
	test('is told in points and in cases, as many as would have had to hold', () => {
		expect(casesShort(missed)).toBe(38)
		expect(gapText(missed, 'zh')).toBe('差 1.3 个百分点 · 约 38 单')
		expect(casesShort({ unit: 'share', margin: -4999 })).toBe(0)
		expect(casesShort({ unit: 'share', margin: 90000 })).toBe(0)
		expect(casesShort({ unit: 'duration', margin: -900000 })).toBe(0)
	})
	test('is looked for by fault first, where there are faults', () => {
		expect(partsOf({ object: 'ticket' })[0]).toBe('symptom')
		expect(partsOf({ object: 'task' })[0]).toBe('symptom')
		expect(partsOf({ object: 'conversation' })).not.toContain('symptom')
	})
})

describe('a week', () => {
	test.each([['2026-11-16', 47], ['2026-11-22', 47], ['2024-12-30', 1], ['2021-01-03', 53], ['2026-01-01', 1], ['2027-01-01', 53]])('%s is in week %i', (day, week) => expect(weekOf(day)).toBe(week))
	test('is named by its number and its days', () => {
		expect(periodText('week', { from: '2026-11-16', to: '2026-11-22' }, '2026-11-22')).toBe('第 47 周 · 11-16 至 11-22')
		expect(periodText('week', { from: '2025-11-17', to: '2025-11-23' }, '2026-11-22')).toContain('2025-11-17')
		expect(periodText('day', { from: '2026-11-22', to: '2026-11-22' }, '2026-11-22')).toBe('11-22')
		expect(tickText('week', { from: '2026-11-16', to: '2026-11-22' })).toBe('第 47 周')
		expect(tickText('month', { from: '2026-11-01', to: '2026-11-30' })).toBe('2026-11')
	})
})
