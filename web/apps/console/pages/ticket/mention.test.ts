import { describe, expect, test } from 'vitest'
import { askedAt, partsOf, stillNamed } from './mention'

const wang = { id: '1', name: '王芳' }, long = { id: '2', name: '王芳华' }, hostile = { id: '3', name: '<img src=x onerror=alert(1)>' }

describe('names in a text', () => {
	test('are cut out, the longer of two first', () => {
		expect(partsOf('请@王芳华和@王芳看', [wang, long])).toEqual([{ text: '请' }, { text: '@王芳华', named: long }, { text: '和' }, { text: '@王芳', named: wang }, { text: '看' }])
	})
	test('do not begin inside of a mail address', () => {
		expect(partsOf('li@王芳', [wang])).toEqual([{ text: 'li@王芳' }])
	})
	test('are text whatever they are made of', () => {
		expect(partsOf(`@${hostile.name} x`, [hostile])).toEqual([{ text: `@${hostile.name}`, named: hostile }, { text: ' x' }])
	})
	test('are nobody when the letters are gone, or are those of a longer name', () => {
		expect(stillNamed('@王芳华', [wang, long])).toEqual([long])
		expect(stillNamed('没有人', [wang])).toEqual([])
	})
})

describe('what is asked for', () => {
	test('begins at an @, also of a Chinese keyboard', () => {
		expect(askedAt('请@wa', 4)).toEqual({ from: 1, words: 'wa' })
		expect(askedAt('＠', 1)).toEqual({ from: 0, words: '' })
	})
	test('is nothing in a mail address, after a blank or without an @', () => {
		expect(askedAt('li@factory', 10)).toBeNull()
		expect(askedAt('@王 ', 3)).toBeNull()
		expect(askedAt('王芳', 2)).toBeNull()
	})
})
