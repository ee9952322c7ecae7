/*
 * The invisible proof of work: SHA-256(challenge + ":" + nonce) must begin with `bits` zero bits.
 * The search itself is a pure function; `proveInWorker` runs it beside the page, so that typing and scrolling go on.
 */
import { hasher } from './sha256'

export function leadingZeroBits(words: Uint32Array): number {
	let bits = 0
	for (const word of words) {
		if (word !== 0) return bits + Math.clz32(word)
		bits += 32
	}
	return bits
}

/* The smallest nonce, as the decimal text that goes into the header. */
export function findNonce(challenge: string, bits: number): string {
	const encoder = new TextEncoder()
	const hash = hasher(encoder.encode(challenge + ':'))
	for (let nonce = 0; ; nonce++) {
		const text = String(nonce)
		if (leadingZeroBits(hash.digest(encoder.encode(text))) >= bits) return text
	}
}

/* Resolves to the value of the X-Proof header. */
export function proveInWorker(challenge: string, bits: number): Promise<string> {
	const worker = new Worker(new URL('./proof_worker.ts', import.meta.url), { type: 'module' })
	return new Promise<string>((resolve, reject) => {
		worker.onmessage = (event: MessageEvent<string>) => resolve(`${challenge}:${event.data}`)
		worker.onerror = () => reject(new Error('proof worker failed'))
		worker.postMessage({ challenge, bits })
	}).finally(() => worker.terminate())
}
