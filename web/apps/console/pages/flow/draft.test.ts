import { describe, expect, it } from 'vitest'
import type { FlowAction, FlowMeta } from '@shared/api/types'
import { carrierOf, freeCode, goingStates, isEmpty, laid, placesOf, type Draft } from './draft'
import { exampleDraft, examples } from './examples'

const label = { zh: '等待', en: 'Wait' }
const move = (name: string, from: string[], to: string | null, more: Partial<FlowAction> = {}): FlowAction => ({ name, label, from, to, who: 'user', permission: 'x.work', guard: null, reason: 'none', ...more })
const base: FlowMeta = {
	name: 'thing', states: ['open', 'waiting', 'done'].map((value) => ({ value, label })),
	actions: [move('wait', ['open'], 'waiting', { reason: 'required', guard: label }), move('finish', ['open', 'waiting'], 'done'), move('answer', ['waiting'], 'open', { who: 'customer' })],
}
const draft: Draft = {
	states: [{ code: 'parts', zh: '待备件', en: '', state: 'open' }, { code: 'posted', zh: '待寄回', en: 'Posted', state: 'waiting' }],
	moves: [{ move: 'finish', off: true }, { move: 'wait', zh: '等他', reason: 'optional', fields: ['a'] }, { move: 'o_p', own: true, from: ['open', 'posted'], to: 'posted', zh: '寄' }],
}

describe('a company\'s flow over the built-in one', () => {
	const flow = laid(base, draft)
	const found = (name: string) => flow.actions.find((a) => a.name === name)
	it('takes away what is off, and says the rest in the company\'s words', () => {
		expect(flow.actions.map((a) => a.name)).toEqual(['wait', 'answer', 'o_p'])
		expect(found('wait')).toMatchObject({ label: { zh: '等他', en: '等他' }, reason: 'required', needs: ['a'] })
	})
	it('puts own states behind what they mean', () => {
		expect(placesOf(flow).map((p) => p.value)).toEqual(['open', 'parts', 'waiting', 'posted', 'done'])
	})
	it('finds what carries an own move out', () => {
		expect(carrierOf(base, draft, 'parts', 'posted')?.name).toBe('wait')
		expect(carrierOf(base, draft, 'open', 'parts')).toBeUndefined()
		expect(carrierOf(base, draft, 'posted', 'parts')).toBeNull()
		expect(found('o_p')).toMatchObject({ own: true, reason: 'required', guard: label, permission: 'x.work' })
	})
	it('knows which states go', () => {
		expect(goingStates(flow, { states: [draft.states[0], { ...draft.states[1], state: 'open' }], moves: [] }).map((s) => s.value)).toEqual(['posted'])
	})
	it('drops what says nothing, and finds a free code', () => {
		expect(isEmpty({ move: 'wait', zh: '', fields: [], off: false, reason: 'none' })).toBe(true)
		expect(isEmpty({ move: 'wait', confirm: true })).toBe(false)
		expect(freeCode(['s1', 's3'], 's')).toBe('s2')
	})
	it('has examples whose moves lead from somewhere to somewhere', () => {
		for (const name of Object.keys(examples)) {
			const e = exampleDraft(name, (key) => ({ zh: key, en: key }))
			for (const s of e.states) expect(s.zh).toBe(`flow.name_${s.code}`)
			for (const m of e.moves) if (m.own) expect(m.move.startsWith('o_') && m.to && m.from?.length && m.zh).toBeTruthy()
		}
	})
})
