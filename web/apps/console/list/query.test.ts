import { beforeAll, describe, expect, it } from 'vitest'
import { ownTexts, useLang } from '@shared/i18n'
import type { Condition, Field } from '@shared/api/types'
import { chipWords, fromText, readFilter, toText } from './query'

const label = (zh: string) => ({ zh, en: zh })
const fields: Field[] = [
	{ name: 'state', type: 'choice', label: label('状态'), filterable: true, choices: [{ value: 'new', label: { zh: '新建', en: 'New' } }, { value: 'working', label: { zh: '处理中', en: 'Working' } }] },
	{ name: 'owner_id', type: 'ref', to: 'user', label: label('负责人'), filterable: true },
	{ name: 'created_at', type: 'time', label: label('建立'), filterable: true },
	{ name: 'remind_count', type: 'count', label: label('催办'), filterable: true },
	{ name: 'title', type: 'code', label: label('标题') },
]
const zone = 'Asia/Shanghai'
const when = { now: Date.UTC(2026, 10, 22, 6, 32), zone, lang: 'zh' as const }

beforeAll(async () => {
	ownTexts({ zh: () => import('../i18n/zh-CN'), en: () => import('../i18n/en') })
	await useLang('zh')
})

describe('conditions as text', () => {
	const filter: Condition[] = [
		['state', 'not_in', ['new', 'working']], ['owner_id', '=', 'me'],
		['created_at', '>=', Date.UTC(2026, 10, 21, 16, 0)], ['remind_count', '>=', 2],
	]
	it('reads back what it writes', () => {
		const text = toText(filter, fields, zone)
		expect(text).toBe('state not in (new, working)\nand owner_id = me\nand created_at >= "2026-11-22 00:00"\nand remind_count >= 2')
		expect(fromText(text, fields, zone)).toEqual(filter)
	})
	it.each([
		['title = x', 'title'], ['state in new', '('], ['state in (old)', 'old'], ['state', ''], ['remind_count = many', 'many'],
		['state in (new) or owner_id = me', 'and'], ['created_at >= soon', 'soon'], ['state ~ new', '~'],
	])('says what is wrong with: %s', (text, named) => {
		expect(() => fromText(text, fields, zone)).toThrow()
		try { fromText(text, fields, zone) } catch (error) { expect((error as Error).message).toContain(named) }
	})
	it('accepts nothing as no condition', () => {
		expect(fromText('  \n', fields, zone)).toEqual([])
	})
})

describe('chips', () => {
	it('uses words, names and me', () => {
		expect(chipWords(['state', 'in', ['new', 'working']], fields[0], when, new Map()).value).toBe('新建、处理中')
		expect(chipWords(['owner_id', '=', 'me'], fields[1], when, new Map()).value).not.toBe('me')
		expect(chipWords(['owner_id', '=', '7'], fields[1], when, new Map([['user:7', '林晓']])).value).toBe('林晓')
	})
	it('drops what is no condition in an address', () => {
		expect(readFilter('[["state","in",["new"]],["x"],5]')).toEqual([['state', 'in', ['new']]])
		expect(readFilter('{')).toEqual([])
	})
})
