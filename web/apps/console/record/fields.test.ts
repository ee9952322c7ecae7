/* Values of long ago: references by the names that the history brings, never by bare ids where a name is known. */
import { describe, expect, it } from 'vitest'
import type { Field } from '@shared/api/types'
import type { When } from '@shared/format/time'
import { changedText, initialValue } from './fields'

const owner = { name: 'owner_id', type: 'ref', label: { zh: '负责人', en: 'Owner' } } as unknown as Field
const when = { zone: 480, now: 0, lang: 'zh' } as unknown as When

describe('changedText', () => {
	it('names a reference by the title of its id', () => {
		expect(changedText(owner, '12', { owner_id: { 12: '林晓' } }, when)).toBe('林晓')
	})
	it('shows no id of what the reader may not know', () => {
		expect(changedText(owner, '13', { owner_id: { 12: '林晓' } }, when)).not.toContain('13')
		expect(changedText(owner, '13', undefined, when)).not.toContain('13')
	})
	it('says none for nobody', () => {
		expect(changedText(owner, '0', {}, when)).toBe('—')
	})
})

describe('initialValue', () => {
	const of = (type: string, initial: string) => initialValue({ name: 'x', type, initial } as unknown as Field)
	it('has the type of its field', () => {
		expect([of('flag', '1'), of('flag', '0'), of('count', '3'), of('code', 'week'), of('json', '[]')]).toEqual([true, false, 3, 'week', []])
	})
})
