/* squeeze.mjs FOLDER: lays gzip and brotli of each text beside it, name.gz and name.br, as small as they come: made once by the build, sent by every server. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TEXT = /\.(html|m?js|css|json|webmanifest|svg|txt|wasm)$/
const LEAST = 512 // bytes; below, the head of the answer is most of it
const codings = {
	gz: (body) => gzipSync(body, { level: 9 }),
	br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
}

const folder = process.argv[2]
for (const name of readdirSync(folder, { recursive: true })) {
	if (!TEXT.test(name)) continue
	const body = readFileSync(join(folder, name))
	if (body.length < LEAST) continue
	for (const [ending, squeeze] of Object.entries(codings)) {
		const small = squeeze(body)
		if (small.length < body.length * 0.9) writeFileSync(join(folder, `${name}.${ending}`), small)
	}
}
