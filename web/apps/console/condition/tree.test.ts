import { beforeAll, describe, expect, it } from 'vitest'
import { ownTexts, useLang } from '@shared/i18n'
import type { Field, RecordMeta } from '@shared/api/types'
import { compareKey, comparesOf, fieldAt, isFree } from './compare'
import { idsIn, wireWords } from './describe'
import { conjuncts, fromWire, joined, newGroup, newRow, toWire, type Row, type Wire } from './tree'

const label = (zh: string) => ({ zh, en: zh })
const field = (name: string, condition: string, more: Partial<Field> = {}): Field => ({ name, condition, type: condition, label: label(more.label?.zh ?? name), ...more })
const choices = [{ value: 'urgent', label: label('紧急') }, { value: 'critical', label: label('特急') }]
const records: Record<string, Pick<RecordMeta, 'fields'>> = {
	ticket: { fields: [field('grade', 'choice', { label: label('级别'), choices }), field('owner_id', 'id', { label: label('负责人'), to: 'user' }), field('created_at', 'time', { label: label('建立') }), field('customer_id', 'id', { label: label('客户'), to: 'customer' }), field('fee', 'number', { type: 'money', label: label('费用') })] },
	customer: { fields: [field('level', 'choice', { label: label('等级'), choices: [{ value: 'vip', label: label('贵宾') }] }), field('note', '')] },
	user: { fields: [] },
}
const d = () => ({ record: 'ticket', recordOf: (name: string) => records[name] as RecordMeta | undefined, when: { now: 0, zone: 'Asia/Shanghai', lang: 'zh' as const }, titles: new Map([['user:7', '林晓']]) })

beforeAll(async () => {
	ownTexts({ zh: () => import('../i18n/zh-CN'), en: () => import('../i18n/en') })
	await useLang('zh')
})

const grade: Wire = { op: 'in', field: 'grade', values: [{ value: 'urgent' }, { value: 'critical' }] }
const mine: Wire = { op: '=', field: 'owner_id', values: [{ value: 'me' }] }
const old: Wire = { op: '>', function: 'age', field: 'created_at', values: [{ value: '2h' }] }

describe('a tree of the wire', () => {
	it.each<[string, Wire]>([
		['one comparison', mine], ['and', { op: 'and', items: [grade, mine, old] }], ['or in and', { op: 'and', items: [grade, { op: 'or', items: [mine, old] }] }],
		['not of one', { op: 'not', items: [mine] }], ['not of a group', { op: 'or', items: [{ op: 'not', items: [{ op: 'and', items: [grade, mine] }] }, old] }],
		['everything', { op: 'true' }], ['nothing', { op: 'false' }], ['not not', { op: 'not', items: [{ op: 'not', items: [mine] }] }],
	])('comes back as it was: %s', (_, wire) => {
		expect(toWire(fromWire(wire)).tree).toEqual(wire)
	})
	it('makes one of several into "in" and back', () => {
		const root = fromWire(mine)
		const row = root.items[0] as Row
		expect(row.compare).toBe('in')
		row.values.push({ value: '7' })
		expect(toWire(root).tree).toEqual({ op: 'in', field: 'owner_id', values: [{ value: 'me' }, { value: '7' }] })
	})
	it('leaves out what is not finished, and counts only what was begun', () => {
		const root = newGroup('and', [newRow(), { ...newRow('grade'), compare: 'in' }, ...fromWire(old).items])
		const { tree, rows, unfinished } = toWire(root)
		expect([tree, rows.length, unfinished.length]).toEqual([old, 1, 1])
	})
	it('numbers rows as they are read, for the place of a fault', () => {
		const { rows } = toWire(fromWire({ op: 'and', items: [grade, { op: 'or', items: [mine, old] }] }))
		expect(rows.map((r) => r.path)).toEqual(['grade', 'owner_id', 'created_at'])
	})
	it('falls into what must hold at once', () => {
		expect(joined(conjuncts({ op: 'and', items: [grade, mine] }).slice(1))).toEqual(mine)
		expect([conjuncts({ op: 'true' }), joined([])]).toEqual([[], { op: 'true' }])
	})
})

describe('words', () => {
	it.each<[Wire, string]>([
		[grade, '级别 是 紧急、特急'], [mine, '负责人 是 我'], [old, '建立 已过去超过 2 小时'],
		[{ op: '=', field: 'owner_id', values: [{ value: '7' }] }, '负责人 是 林晓'],
		[{ op: '=', field: 'customer.level', values: [{ value: 'vip' }] }, '客户的等级 是 贵宾'],
		[{ op: '>=', field: 'created_at', values: [{ value: 'today', shift: -7, unit: 'd' }] }, '建立 不早于 今天 −7 天'],
		[{ op: 'is none', field: 'owner_id' }, '负责人 为空'], [{ op: '>', field: 'fee', values: [{ value: '12800' }] }, '费用 大于 ¥128.00'],
		[{ op: 'not', items: [{ op: 'or', items: [grade, mine] }] }, '不满足（级别 是 紧急、特急 或 负责人 是 我）'],
		[{ op: '=', field: 'colour', values: [{ text: 'x' }] }, 'colour 是 x'], [{ op: 'true' }, '没有条件：全部都符合'],
	])('%j', (wire, words) => {
		expect(wireWords(wire, d())).toBe(words)
	})
	it('names the references to ask titles for', () => {
		expect(idsIn(fromWire({ op: 'in', field: 'owner_id', values: [{ value: '7' }, { value: 'me' }] }), d())).toEqual([{ to: 'user', id: '7' }])
	})
})

describe('fields and comparisons', () => {
	it('finds a field through references, and none that no condition may name', () => {
		expect(fieldAt('ticket', 'customer.level', d().recordOf)?.name).toBe('level')
		for (const path of ['customer.note', 'customer', 'nothing', 'owner.level']) expect(fieldAt('ticket', path, d().recordOf)).toBeUndefined()
	})
	it('offers what fits, and what is there already', () => {
		expect(comparesOf(records.ticket.fields[0], '')).toEqual(['in', 'not in', 'is none', 'is not none'])
		expect(comparesOf(records.ticket.fields[2], 'age >=')).toContain('age >=')
	})
	it('words comparisons of time apart', () => {
		expect(compareKey('>=', records.ticket.fields[2])).toBe('at_least_time')
		expect(compareKey('>=', records.ticket.fields[4])).toBe('at_least')
	})
	it('knows another field from a value', () => {
		expect([isFree('time', 'solved_at'), isFree('time', 'today'), isFree('number', '-3'), isFree('id', 'me'), isFree('id', 'device.customer_id')]).toEqual([true, false, false, false, true])
	})
})
