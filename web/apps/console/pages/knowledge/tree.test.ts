/* A fault tree while it is drawn: where its steps stand, what is wrong with it, and that changes keep it whole. */
import { expect, test } from 'vitest'
import { faultsOf, linesOf, nextName, spotsOf, turned, without, type Tree } from './tree'

const label = (zh: string) => ({ zh, en: '' })
const tree = (): Tree => ({
	start: 'a',
	nodes: {
		a: { ask: label('灯亮吗'), choices: [{ say: label('亮'), go: 'b' }, { say: label('不亮'), go: 'c' }] },
		b: { ask: label('响吗'), choices: [{ say: label('响'), go: 'c' }, { say: label('不响'), go: 'd' }] },
		c: { tell: label('请报修'), end: 'report' },
		d: { tell: label('好了'), end: 'solved' },
	},
})

test('steps stand in columns by how far they are from the start', () => {
	expect(spotsOf(tree()).map((s) => [s.name, s.column, s.row])).toEqual([['a', 0, 0], ['b', 1, 0], ['c', 1, 1], ['d', 2, 0]])
	expect(linesOf(tree())).toHaveLength(4)
	expect(nextName(tree())).toBe('e')
})

test('a whole tree has no faults; each kind of fault is told at its step', () => {
	expect(faultsOf(tree())).toEqual({})
	const t = tree()
	t.nodes.e = { tell: label('没人到'), end: 'stop' }
	t.nodes.f = { ask: label('转圈'), choices: [{ say: label('再来'), go: 'f' }, { say: label('还来'), go: 'f' }] }
	t.nodes.b = { ask: label('响吗'), choices: [{ say: label('响'), go: 'f' }, { say: label('不响'), go: 'f' }] }
	expect(faultsOf(t)).toEqual({ b: 'endless', d: 'unreached', e: 'unreached', f: 'endless' })
	t.nodes.c = { tell: label(' '), end: 'report' }
	expect(faultsOf(t).c).toBe('words')
})

test('a step that goes leaves choices that lead nowhere, and another start', () => {
	const t = without(tree(), 'c')
	expect(faultsOf(t)).toEqual({ a: 'nowhere', b: 'nowhere' })
	expect(without(tree(), 'a').start).toBe('b')
	expect(spotsOf({ start: 'x', nodes: tree().nodes }).every((s) => s.column === 0)).toBe(true)
})

test('a question becomes an end and an end a question, in the same words', () => {
	expect(turned(tree().nodes.a)).toEqual({ tell: label('灯亮吗'), end: 'report' })
	expect(turned(tree().nodes.c)).toMatchObject({ ask: label('请报修'), choices: [{ go: '' }, { go: '' }] })
})
