/* The proof of work against Node's own SHA-256, and the search for a number that satisfies it. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findNonce, leadingZeroBits } from './proof'
import { hasher } from './sha256'

const bytes = (text: string) => new TextEncoder().encode(text)
const hex = (words: Uint32Array) =>
	[...words].map((word) => word.toString(16).padStart(8, '0')).join('')
const reference = (text: string) => createHash('sha256').update(text).digest('hex')

describe('SHA-256', () => {
	it('agrees with the reference at every length around the block borders', () => {
		for (let prefix = 0; prefix <= 130; prefix++)
			for (const suffix of [0, 1, 7, 55, 56, 63, 64, 65]) {
				const a = 'a'.repeat(prefix)
				const b = '1'.repeat(suffix)
				expect(hex(hasher(bytes(a)).digest(bytes(b)))).toBe(reference(a + b))
			}
	})
})

describe('the proof of work', () => {
	it('counts leading zero bits over word borders', () => {
		expect(leadingZeroBits(new Uint32Array([0x80000000]))).toBe(0)
		expect(leadingZeroBits(new Uint32Array([0, 0x00010000]))).toBe(47)
	})
	it('finds a nonce that the server accepts, and the smallest one', () => {
		const nonce = Number(findNonce('challenge-7', 12))
		const ok = (n: number) => reference(`challenge-7:${n}`).startsWith('000')
		expect(ok(nonce)).toBe(true)
		for (let n = 0; n < nonce; n++) expect(ok(n)).toBe(false)
	})
})
