import { expect, test } from 'vitest'
import { linesOf, nextKeyword, rowsOf, typeOf, withSamples } from './wechat_lines'

const label = { zh: '', en: '' }
const types = [{ name: 'thing', most: 20, label, limit: label }, { name: 'character_string', most: 32, label, limit: label }]

test('lines become rows and come back as they were', () => {
	const lines = 'thing1 = {{ticket.title|a = b}}\ntime2 = {{ticket.created}}'
	expect(rowsOf(`\n${lines}\n\n`)).toEqual([{ keyword: 'thing1', text: '{{ticket.title|a = b}}' }, { keyword: 'time2', text: '{{ticket.created}}' }])
	expect(linesOf(rowsOf(lines))).toBe(lines)
	expect(rowsOf('thing1')).toEqual([{ keyword: 'thing1', text: '' }])
	expect(rowsOf('')).toEqual([])
})

test('a keyword is of a type by its letters', () => {
	expect(typeOf('character_string12', types)?.name).toBe('character_string')
	for (const none of ['thing', 'thing123', 'string1', 'first']) expect(typeOf(none, types)).toBeUndefined()
	expect(nextKeyword('thing', [{ keyword: 'thing1', text: '' }, { keyword: 'thing3', text: '' }])).toBe('thing2')
})

test('samples stand for variables that there are', () => {
	expect(withSamples('{{ticket.no}}，{{ ticket.due|近日 }}，{{x.y}}', { 'ticket.no': 'SR1', 'ticket.due': '明天' })).toBe('SR1，明天，{{x.y}}')
})
