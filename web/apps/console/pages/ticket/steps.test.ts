import { describe, expect, it } from 'vitest'
import { stepsOf, timesOf } from './steps'

const brief = (state: string) => stepsOf({ state, created_at: 1, solved_at: 2, closed_at: 3 }).map((s) => `${s.name} ${s.is}${s.waiting ? ' waiting' : ''}`)

describe('steps of a ticket', () => {
	it('stand at the state', () => {
		expect(brief('accepted')).toEqual(['new done', 'accepted now', 'working ahead', 'resolved ahead', 'closed ahead'])
	})
	it('show waiting for the customer within the work', () => {
		expect(brief('waiting_customer')[2]).toBe('working now waiting')
		expect(brief('resolved')[3]).toBe('resolved now waiting')
	})
	it('are all done when closed', () => {
		expect(brief('closed').every((s) => s.endsWith(' done'))).toBe(true)
	})
	it('end early when cancelled', () => {
		expect(brief('cancelled')).toEqual(['new done', 'cancelled now'])
	})
	it('show no time of what lies ahead', () => {
		expect(stepsOf({ state: 'working', created_at: 1, solved_at: 2 }).map((s) => s.at)).toEqual([1, null, null, null, null])
	})
	it('have the times of the last entry into a state', () => {
		const entered = timesOf([{ at: 4, fields: { state: ['new', 'accepted'] } }, { at: 9, fields: { state: ['resolved', 'working'] } }, { at: 5, fields: { state: ['accepted', 'working'], owner_id: [null, '1'] } }, { at: 6, fields: { grade: ['normal', 'urgent'] } }])
		expect(stepsOf({ state: 'working', created_at: 1 }, entered).map((s) => s.at)).toEqual([1, 4, 9, null, null])
	})
})
