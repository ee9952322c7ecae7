/* What people read and type is what the API holds. */
import { beforeAll, describe, expect, it } from 'vitest'
import { ownTexts, useLang } from '@shared/i18n'
import { amountText, boundsText, matches, meant, typed, type Setting } from './amount'

const label = (zh: string, en: string) => ({ zh, en })
const setting = (more: Partial<Setting>): Setting => ({
	name: 'code.life', group: 'code', scope: 'company', type: 'number', unit: 'minutes', value: 10, default: 10, least: 1, most: 60, source: 'default',
	applies: 'at_once', permission: 'setting.change', changeable: true, version: 0, label: label('验证码有效时间', 'Life of a code'),
	help: label('超过此时间失效', 'Void after so long'), unit_label: label('分钟', 'minutes'), choices: [], changed_at: 0, changed_by: null, ...more,
} as Setting)
const size = (more: Partial<Setting>) => setting({ unit: 'bytes', unit_label: label('字节', 'bytes'), least: 2 ** 20, most: 2 ** 30, value: 50 * 2 ** 20, default: 50 * 2 ** 20, ...more })

beforeAll(async () => {
	ownTexts({ zh: () => import('../../i18n/zh-CN'), en: () => import('../../i18n/en') })
	await useLang('zh')
})

describe('amounts', () => {
	it('have their unit', () => {
		expect(amountText(setting({}), 10)).toBe('10 分钟')
		expect(boundsText(setting({}))).toBe('1–60 分钟')
		expect(amountText(setting({ unit: 'none', unit_label: null }), 3)).toBe('3')
	})
	it('show sizes in the largest unit in which all of it is whole', () => {
		expect(amountText(size({}), 50 * 2 ** 20)).toBe('50 MB')
		expect(boundsText(size({}))).toBe('1–1,024 MB')
		expect(amountText(size({ value: 1_500_000 }), 1_500_000)).toBe('1,500,000 字节')
	})
	it('show words for flags and choices', () => {
		expect(amountText(setting({ type: 'flag' }), true)).toBe('是')
		const level = setting({ type: 'choice', choices: [{ value: 'warn', label: label('警告', 'Warnings') }] })
		expect(amountText(level, 'warn')).toBe('警告')
		expect(boundsText(level)).toBe('')
	})
})

describe('typing', () => {
	it('gives back what is shown', () => {
		expect(typed(size({}), 50 * 2 ** 20)).toBe('50')
		expect(meant(size({}), '50')).toBe(50 * 2 ** 20)
	})
	it('takes full-width digits and thousands', () => {
		expect(meant(setting({}), '１２')).toBe(12)
		expect(meant(setting({}), ' 1,200 ')).toBe(1200)
	})
	it('leaves to the server what is no number', () => {
		expect(meant(setting({}), 'many')).toBe('many')
		expect(meant(setting({}), '')).toBe('')
	})
})

describe('search', () => {
	it('looks at both languages and the name', () => {
		for (const words of ['有效', 'life', 'code.life', 'LIFE code']) expect(matches(setting({}), words)).toBe(true)
		expect(matches(setting({}), 'life file')).toBe(false)
	})
})
