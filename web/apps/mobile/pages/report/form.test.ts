/* What the report form demands and sends. */
import { describe, expect, it } from 'vitest'
import type { Scene } from '../../contract'
import { emptyDraft, type Draft } from '../../draft'
import { columnsFor, faultsOf, questionsOf, reportOf } from './form'

const words = (text: string) => ({ zh: text, en: text })
const scene = (change: Partial<Scene> = {}): Scene => ({
	name: 'repair', label: words('r'), hint: null, device: 'required', safety: true, symptoms: true, times: true, proof: true,
	text: 'optional', text_label: words('t'), submit: words('s'), fields: [], ...change,
})
const send = (one: Scene, change: Partial<Draft>) => reportOf(one, draft(change), (field) => field.label.zh)
const draft = (change: Partial<Draft> = {}): Draft => ({ ...emptyDraft(), ...change })
const wish = {
	name: 'wish', type: 'choice' as const, label: words('w'), hint: null, required: true, sealed: false, most: 1,
	choices: [{ value: 'refund', label: words('refund') }],
}

describe('a report', () => {
	it('asks for device, safety and problem, in the order of the page', () => {
		expect(Object.keys(faultsOf(scene(), draft()))).toEqual(['device', 'safety', 'problem'])
	})
	it.each([
		['a known device', { device_id: '1' }],
		['a product', { product_id: '2' }],
		['a serial nobody knows', { serial: 'X' }],
	])('takes %s as the device', (_name, change) => {
		expect(faultsOf(scene(), draft(change)).device).toBeUndefined()
	})
	it('takes a symptom or words as the problem, not blanks', () => {
		expect(faultsOf(scene(), draft({ symptoms: ['no_cool'] })).problem).toBeUndefined()
		expect(faultsOf(scene(), draft({ description: 'x' })).problem).toBeUndefined()
		expect(faultsOf(scene(), draft({ description: '  ' })).problem).toBe('report.needProblem')
	})
	it('does not ask what the scene does not need', () => {
		const bare = scene({ name: 'usage', device: 'optional', safety: false, symptoms: false })
		expect(faultsOf(bare, draft())).toEqual({})
		expect(faultsOf({ ...bare, text: 'required' }, draft())).toEqual({ problem: 'report.needText' })
	})
	it('asks for symptoms, a time and a proof where the company requires them, but not of somebody in danger', () => {
		const strict = scene({ required: ['symptoms', 'times', 'proof'] })
		const given = { device_id: '1', safety: 'no' as const, description: 'x' }
		expect(faultsOf(strict, draft(given))).toEqual({ problem: 'report.needSymptom', when: 'report.needWhen', proof: 'report.needProof' })
		expect(faultsOf(strict, draft(given), false)).toEqual({ when: 'report.needWhen', proof: 'report.needProof' })
		expect(faultsOf(strict, draft({ ...given, symptoms: ['frost'], time: 'morning', proof: { kind: 'order', day: '' } }))).toEqual({})
		expect(faultsOf(strict, draft({ ...given, safety: 'yes' }))).toEqual({})
	})
	it('asks for words where they are required, and for none where there is no room for them', () => {
		expect(faultsOf(scene({ text: 'required' }), draft({ device_id: '1', safety: 'no', symptoms: ['frost'] }))).toEqual({ problem: 'report.needText' })
		expect(faultsOf(scene({ text: 'none' }), draft({ device_id: '1', safety: 'no' }))).toEqual({})
	})
	it('sends what the company asks itself beside the answers, numbers as numbers', () => {
		const own = (name: string, type: 'number' | 'yes_no') => ({ name, type, label: words(name), hint: null, required: false, sealed: false, most: 16, choices: [] })
		const asked = scene({ fields: [own('x_floor', 'number'), own('x_lift', 'yes_no'), wish] })
		expect(send(asked, { answers: { x_floor: ' １２', x_lift: false, wish: 'refund' } })).toMatchObject({ x_floor: 12, x_lift: false, answers: { wish: 'refund' } })
		expect(send(asked, { answers: { x_floor: 'three', x_lift: null } })).toMatchObject({ x_floor: 'three', answers: {} })
		expect(send(asked, { answers: {} })).not.toHaveProperty('x_floor')
	})
	it('asks the scene its own questions', () => {
		const own = scene({ device: 'optional', safety: false, symptoms: false, fields: [wish] })
		expect(faultsOf(own, draft())).toEqual({ wish: 'common.choose' })
		expect(faultsOf(own, draft({ answers: { wish: 'refund' } }))).toEqual({})
	})
	it('sends a device only once, by the surest name', () => {
		const sent = send(scene(), { device_id: '1', product_id: '2', serial: 'X' })
		expect([sent.device_id, sent.product_id, sent.serial]).toEqual(['1', null, null])
	})
	it('sends a danger only when it was answered with yes', () => {
		expect(send(scene(), { safety: 'yes', danger: 'smoke' }).danger).toBe('smoke')
		expect(send(scene(), { safety: 'no', danger: 'smoke' }).danger).toBe('')
		expect(send(scene({ name: 'emergency', safety: false }), { danger: 'leak' }).danger).toBe('leak')
	})
	it('puts an address into the sealed description, not into the answers', () => {
		const place = { ...wish, name: 'place', type: 'text' as const, label: words('地址'), sealed: true, choices: [] }
		const sent = send(scene({ fields: [place] }), { description: '漏水', answers: { place: ' 3 号楼 ' } })
		expect([sent.description, sent.answers]).toEqual(['漏水\n地址: 3 号楼', {}])
	})
	it('leaves out answers of other scenes and empty ones', () => {
		const sent = send(scene({ fields: [wish] }), { answers: { wish: '', other: 'x' } })
		expect(sent.answers).toEqual({})
	})
})

describe('chips in a row', () => {
	it.each([[['不制冷', '结冰结霜'], 3], [['Ice and frost', 'Loud'], 2], [['Neither hot water nor heating'], 1], [[], 3]])('%j → %i', (labels, columns) => {
		expect(columnsFor(labels)).toBe(columns)
	})
})

describe('the questions of a scene', () => {
	const note = { ...wish, name: 'note', required: false }
	const order = (change: Partial<Scene>) => {
		const { before, after } = questionsOf(scene({ fields: [note, wish], ...change }))
		return [...before.map((f) => f.name), '…', ...after.map((f) => f.name)].join(' ')
	}
	it('follow the symptoms', () => expect(order({ symptoms: true })).toBe('… wish note'))
	it('lead to the words with what decides, and leave what is optional for later', () => expect(order({ symptoms: false, text: 'required' })).toBe('wish … note'))
	it('come before words that are only a remark', () => expect(order({ symptoms: false, text: 'optional' })).toBe('wish note …'))
})
