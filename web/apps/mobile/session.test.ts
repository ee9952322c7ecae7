/* The token leaves the address, and nothing else does. */
import { expect, it } from 'vitest'
import { takeToken } from './session'

it.each([
	['#/ticket/7?t=abc', 'abc', '#/ticket/7'],
	['#/ticket/7?t=abc&rate=1', 'abc', '#/ticket/7?rate=1'],
	['#t=abc', 'abc', '#/'],
	['#?t=abc', 'abc', '#/'],
])('%s', (fragment, token, rest) => {
	expect(takeToken(fragment)).toEqual({ token, rest })
})

it.each(['', '#/', '#/ticket/7', '#/ticket/7?rate=1', '#/ticket/7?t='])('no token in %s', (fragment) => {
	expect(takeToken(fragment)).toBeNull()
})
