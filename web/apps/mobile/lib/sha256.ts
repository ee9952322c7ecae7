/*
 * SHA-256 (FIPS 180-4) in plain TypeScript, for the proof of work only.
 * WebCrypto is not used: it is asynchronous per hash (20 × slower for millions of short inputs) and absent
 * on plain http. Promises the digest of prefix + suffix, with the prefix's whole blocks worked in once.
 */
const K = new Uint32Array([
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])
const START = [
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n))

/* One 64-byte block at `from` into `state`; `w` is scratch of 64 words. */
function compress(state: Uint32Array, bytes: Uint8Array, from: number, w: Uint32Array) {
	for (let i = 0; i < 16; i++) {
		const j = from + 4 * i
		w[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3]
	}
	for (let i = 16; i < 64; i++) {
		const x = w[i - 15]
		const y = w[i - 2]
		const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
		const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
		w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0
	}
	let [a, b, c, d, e, f, g, h] = state as unknown as [
		number, number, number, number, number, number, number, number,
	]
	for (let i = 0; i < 64; i++) {
		const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
		const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0
		const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
		const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
		h = g
		g = f
		f = e
		e = (d + t1) | 0
		d = c
		c = b
		b = a
		a = (t1 + t2) | 0
	}
	const out = [a, b, c, d, e, f, g, h]
	for (let i = 0; i < 8; i++) state[i] = (state[i] + out[i]) | 0
}

export interface Hasher {
	/* The eight words of SHA-256(prefix + suffix); overwritten by the next call. */
	digest(suffix: Uint8Array): Uint32Array
}

export function hasher(prefix: Uint8Array): Hasher {
	const w = new Uint32Array(64)
	const middle = new Uint32Array(START)
	const whole = prefix.length - (prefix.length % 64)
	for (let at = 0; at < whole; at += 64) compress(middle, prefix, at, w)
	const rest = prefix.subarray(whole)
	const state = new Uint32Array(8)
	return {
		digest(suffix) {
			const used = rest.length + suffix.length
			const tail = new Uint8Array((Math.floor((used + 8) / 64) + 1) * 64)
			tail.set(rest)
			tail.set(suffix, rest.length)
			tail[used] = 0x80
			new DataView(tail.buffer).setUint32(tail.length - 4, (prefix.length + suffix.length) * 8)
			state.set(middle)
			for (let at = 0; at < tail.length; at += 64) compress(state, tail, at, w)
			return state
		},
	}
}
