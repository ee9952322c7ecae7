/* Dates, money and texts as people read them, in both languages and in the company's zone. */
import { describe, expect, it } from 'vitest'
import { agoText, dayText, lineText, momentText, shortText, spanText } from './time'
import { fenOf, halfWidth, initialOf, maskPhone, moneyText, numberText, percentText, sizeText, totalText } from './text'
import { contrast } from './colour'

const now = Date.UTC(2026, 10, 22, 6, 32)
const zh = { now, zone: 'Asia/Shanghai', lang: 'zh' as const }
const en = { ...zh, lang: 'en' as const }
const minute = 60_000

describe('dates', () => {
	it('names day, weekday and time in the zone of the company', () => {
		expect(momentText(now, zh)).toBe('11-22 周日 14:32')
		expect(momentText(now, en)).toBe('11-22 Sun 14:32')
		expect(momentText(now, { ...zh, zone: 'Europe/Berlin' })).toBe('11-22 周日 07:32')
	})
	it('shows only the day of other years', () => {
		expect(momentText(Date.UTC(2025, 2, 8), zh)).toBe('2025-03-08')
		expect(dayText('2025-03-08', zh)).toBe('2025-03-08')
		expect(dayText('2026-03-08', zh)).toBe('03-08')
	})
	it('is narrow in cells', () => {
		expect(shortText(now - 3 * minute, zh)).toBe('14:29')
		expect(shortText(now - 24 * 60 * minute, zh)).toBe('11-21')
		expect(lineText(now - 24 * 60 * minute, zh)).toBe('11-21 14:32')
	})
	it('is relative only under an hour', () => {
		expect(agoText(now - 20_000, zh)).toBe('刚刚')
		expect(agoText(now - 59 * minute, zh)).toBe('59 分钟前')
		expect(agoText(now - 60 * minute, zh)).toBe('13:32')
		expect(agoText(now + minute, en)).toBe('14:33')
	})
})

describe('clock text', () => {
	it.each([
		[48_000, '48 秒', '48s'], [132_000, '2 分 12 秒', '2m 12s'], [26 * minute, '26 分', '26m'],
		[97 * minute, '1 时 37 分', '1h 37m'], [51 * 60 * minute, '2 天 3 时', '2d 3h'], [120_000, '2 分', '2m'],
		[120 * minute, '2 小时', '2h'], [48 * 60 * minute, '2 天', '2d'],
		[-21 * minute, '21 分', '21m'],
	])('%d ms', (ms, chinese, english) => {
		expect(spanText(ms, 'zh')).toBe(chinese)
		expect(spanText(ms, 'en')).toBe(english)
	})
})

describe('numbers and masks', () => {
	it('groups thousands and uses the minus sign', () => {
		expect(numberText(1284306)).toBe('1,284,306')
		expect(numberText(-12)).toBe('−12')
		expect(totalText(10000, true)).toBe('10,000+')
		expect(percentText(0.9751)).toBe('97.5%')
		expect(percentText(undefined)).toBe('—')
	})
	it('writes fen as yuan and reads them back', () => {
		expect(moneyText(12800)).toBe('¥128.00')
		expect(moneyText(-5)).toBe('−¥0.05')
		expect(fenOf('１２８.5')).toBe(12850)
		expect(fenOf('¥1,280')).toBe(128000)
		expect(fenOf('-0.5')).toBe(-50)
		expect(fenOf('12.345')).toBeNull()
	})
	it('hides the middle of a phone', () => {
		expect(maskPhone('138 1234 5678')).toBe('138****5678')
		expect(maskPhone('057188886666')).toBe('****6666')
	})
	it('reads full-width digits', () => {
		expect(halfWidth('１３８　ＡＢ')).toBe('138 AB')
	})
	it('names sizes and initials', () => {
		expect(sizeText(3_200_000)).toBe('3.2 MB')
		expect(initialOf('林晓')).toBe('晓')
		expect(initialOf('anna')).toBe('A')
	})
	it('knows the contrast of black on white', () => {
		expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5)
	})
})
