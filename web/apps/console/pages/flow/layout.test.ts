import { describe, expect, it } from 'vitest'
import type { FlowAction, FlowMeta } from '@shared/api/types'
import { draw } from './layout'

const label = { zh: '', en: '' }
const move = (name: string, from: string[], to: string | null): FlowAction => ({ name, label, from, to, who: 'user', permission: 'x.y', guard: null, reason: 'none' })
const flow: FlowMeta = {
	name: 'thing', states: ['a', 'b', 'c', 'd'].map((value) => ({ value, label })),
	actions: [move('on', ['a'], 'b'), move('also', ['a'], 'b'), move('skip', ['a', 'b'], 'd'), move('home', ['c', 'd'], 'a'), move('back', ['c'], 'b'), move('stay', ['a', 'c'], null), { ...move('hers', ['a'], 'b'), who: 'customer' }],
}

describe('the picture of a flow', () => {
	const picture = draw(flow)
	it('draws each move once from each state that it leaves', () => {
		const drawn = picture.arrows.flatMap((a) => a.moves.map((m) => `${m.name} ${a.from} ${a.to}`)).sort()
		expect(drawn).toEqual(['also a b', 'back c b', 'hers a b', 'home c a', 'home d a', 'on a b', 'skip a d', 'skip b d'])
		expect(picture.nodes.map((n) => n.stays.map((m) => m.name))).toEqual([['stay'], [], ['stay'], []])
	})
	it('joins the moves between the same two states in one arrow, the customers\' apart', () => {
		expect(picture.arrows.filter((a) => a.from === 'a' && a.to === 'b').map((a) => a.moves.map((m) => m.name))).toEqual([['on', 'also'], ['hers']])
	})
	it('lays arrows that meet in different lanes, on their side of the row', () => {
		const place = (v: string) => flow.states.findIndex((s) => s.value === v)
		for (const a of picture.arrows)
			for (const b of picture.arrows)
				if (a !== b && a.back === b.back && Math.min(place(a.from), place(a.to)) < Math.max(place(b.from), place(b.to)) && Math.min(place(b.from), place(b.to)) < Math.max(place(a.from), place(a.to)))
					expect(a.lane).not.toBe(b.lane)
	})
	it('gives no two arrows the same port of a state', () => {
		const ports = picture.arrows.flatMap((a) => {
			const [, x1, , x2] = /M([\d.]+) [\d.]+V([\d.]+)H([\d.]+)V/.exec(a.path)!
			return [`${a.back} ${x1}`, `${a.back} ${x2}`]
		})
		expect(new Set(ports).size).toBe(ports.length)
	})
	it('stays inside its frame', () => {
		for (const a of picture.arrows) {
			expect(a.label.y).toBeGreaterThan(8)
			expect(a.label.y).toBeLessThan(picture.height)
		}
	})
})
