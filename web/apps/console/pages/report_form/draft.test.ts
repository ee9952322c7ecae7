import { expect, test } from 'vitest'
import { laidScenes, laidSymptoms, needOf, order, ownName, say, type Base, type Draft, type Said, type Scene } from './draft'

const label = (zh: string) => ({ zh, en: zh })
const scene = (name: string, more: Partial<Scene> = {}): Scene => ({
	name, label: label(name), hint: null, device: 'optional', text: 'optional', text_label: label('words'), submit: label('send'),
	safety: false, symptoms: true, times: false, proof: false, required: [], fields: [], ...more,
})
const question = (name: string) => ({ name, type: 'choice', label: label(name), hint: null, required: false, sealed: false, most: 1, choices: [{ value: 'a', label: label('a') }, { value: 'b', label: label('b') }] })
const base: Base = { pack: 'x', packs: [], scenes: [scene('a', { fields: [question('q'), question('r')] }), scene('b'), scene('c', { off: true })], symptoms: { fridge: [{ code: 'ice', label: label('ice') }] } }
const draft = (scenes: Said[], symptoms: Draft['symptoms'] = {}): Draft => ({ scenes, symptoms })
const names = (d: Draft) => laidScenes(base, d).map((s) => s.name)
const list = base.scenes as unknown as Said[]

test('nothing said is the pack', () => expect(laidScenes(base, draft([]))).toEqual(base.scenes))

test('what is not spoken of stays behind what it stands behind', () => {
	expect(names(draft([{ name: 'b' }]))).toEqual(['a', 'b', 'c'])
	expect(names(draft([{ name: 'b' }, { name: 'a' }]))).toEqual(['b', 'c', 'a'])
})

test.each([['required', true, ['times']], ['optional', true, []], ['none', false, []]] as const)('a part is %s', (need, asked, required) => {
	const [a] = laidScenes(base, draft(say(list, [], 'name', 'a', { times: need })))
	expect([a.times, a.required, needOf(a, 'times')]).toEqual([asked, required, need])
})

test('what the pack says already is not said again', () => {
	expect(say(list, [], 'name', 'a', { label: label('a') })).toEqual([])
	expect(say(list, say(list, [], 'name', 'a', { times: 'required' }), 'name', 'a', { times: 'none' })).toEqual([])
	expect(say(list, [], 'name', 'c', { off: false })).toEqual([{ name: 'c', off: false }])
	expect(say(list, [{ name: 'c', off: false }], 'name', 'c', { off: true })).toEqual([])
})

test('saying something of one moves nothing', () => {
	const said = say(list, say(list, [], 'name', 'b', { device: 'none' }), 'name', 'a', { device: 'required' })
	expect(said.map((s) => s.name)).toEqual(['a', 'b'])
	expect(names(draft(said))).toEqual(['a', 'b', 'c'])
})

test('an order is said by as little as holds it, and taken back', () => {
	const said = order(list, [], 'name', ['b', 'a', 'c'])
	expect(names(draft(said))).toEqual(['b', 'a', 'c'])
	expect(order(list, said, 'name', ['a', 'b', 'c'])).toEqual([])
})

test('questions and choices of one s own', () => {
	const fields = say(base.scenes[0].fields as unknown as Said[], [], 'name', 'q', { choices: [{ value: 'a', off: true }, { value: 'o_1', label: { zh: '新', en: '' } }] })
	const [a] = laidScenes(base, draft([{ name: 'a', fields: [...fields, { name: 'o_x', type: 'text', label: { zh: '问', en: '' } }] }]))
	expect(a.fields.map((f) => f.name)).toEqual(['q', 'r', 'o_x'])
	expect(a.fields[0].choices).toEqual([{ value: 'a', label: label('a'), off: true }, { value: 'b', label: label('b') }, { value: 'o_1', label: label('新') }])
	expect(a.fields[2]).toMatchObject({ type: 'text', label: label('问'), required: false, most: 60, choices: [] })
})

test('symptoms', () => {
	expect(laidSymptoms(base, draft([], { fridge: [{ code: 'o_1', label: label('new') }] }), 'fridge').map((s) => s.code)).toEqual(['ice', 'o_1'])
	expect(laidSymptoms(base, draft([]), 'oven')).toEqual([])
})

test('names of one s own', () => expect(ownName(() => 0.5)).toMatch(/^o_[a-z0-9]{6}$/))
