import { describe, expect, it } from 'vitest'
import { whyHere } from './why'

const put = { id: '1', put_at: 5, put_by: '林晓' }
const itself = { id: '1', put_at: 0, put_by: null }

describe('why a ticket stands here', () => {
	it.each([
		[{ danger: 'smoke', grade: 'critical' }, put, 'put'],
		[{ danger: 'smoke', grade: 'critical' }, itself, 'danger'],
		[{ danger: 'smoke', state: 'waiting_customer' }, itself, 'customer'],
		[{ grade: 'critical', next_due_at: 9 }, itself, 'critical'],
		[{ grade: 'urgent' }, itself, 'urgent'],
		[{ grade: 'normal', next_due_at: 9 }, itself, 'due'],
		[{ grade: 'normal', next_due_at: null }, undefined, 'age'],
	] as const)('%o %o: %s', (ticket, place, why) => {
		expect(whyHere({ id: '1', version: 1, ...ticket }, place)).toBe(why)
	})
})
