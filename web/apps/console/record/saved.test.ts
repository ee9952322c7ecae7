/* What an undo puts back after a save. */
import { expect, it } from 'vitest'
import type { Field, Item } from '@shared/api/types'
import { valuesBefore } from './saved'

const label = { zh: '', en: '' }
const fields: Field[] = [
	{ name: 'title', type: 'code', label }, { name: 'team_id', type: 'ref', label }, { name: 'phone', type: 'phone', label, condition: 'sealed' },
	{ name: 'note', type: 'sealed', label, masked: true }, { name: 'no', type: 'code', label, fixed: true }, { name: 'state', type: 'choice', label, system: true },
]
const row: Item = { id: '1', version: 1, title: 'a', team_id: '7', phone: '138****0042', note: null, no: 'A1', state: 'new' }

it('what a save changed is put back, and nothing else', () => {
	expect(valuesBefore(fields, row, { ...row, version: 2, title: 'b', state: 'accepted', no: 'A2' })).toEqual({ title: 'a' })
	expect(valuesBefore(fields, { ...row, team_id: undefined }, { ...row, version: 2 })).toEqual({ team_id: null })
})

it('there is nothing to put back without a change, for a new row, or where a sealed value changed', () => {
	expect(valuesBefore(fields, row, { ...row, version: 2 })).toBe(null)
	expect(valuesBefore(fields, null, row)).toBe(null)
	expect(valuesBefore(fields, row, { ...row, title: 'b', phone: '139****0042' })).toBe(null)
	expect(valuesBefore(fields, row, { ...row, title: 'b', note: 'x' })).toBe(null)
})
