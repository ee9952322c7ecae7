/*
 * What lies in a zip that an editor chose: names and, when asked for, bytes. Read here and not by the server, for nothing but the articles and pictures of it is sent.
 * Locked entries and such as are packed in ways that nobody uses are not there; more than MOST_BYTES or MOST_ENTRIES is refused.
 */
const END = 0x06054b50
const ENTRY = 0x02014b50
const MOST_ENTRIES = 2000
export const MOST_BYTES = 200 * 2 ** 20

export interface Zip { names: string[]; read: (name: string) => Promise<Uint8Array<ArrayBuffer> | null> }
interface Entry { at: number; packed: number; size: number; method: number }

/* Programs on Windows in Chinese write names in GB18030 without saying so. */
export function decoded(bytes: Uint8Array): string {
	try { return new TextDecoder('utf-8', { fatal: true }).decode(bytes) } catch { return new TextDecoder('gb18030').decode(bytes) }
}

function endOf(view: DataView): number {
	for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65535); at--) if (view.getUint32(at, true) === END) return at
	throw new Error('zip')
}

/* "./a/../b.png" → "b.png". null: it leads out. */
export function plainPath(path: string): string | null {
	const parts: string[] = []
	for (const part of path.replaceAll('\\', '/').split('/')) {
		if (part === '..' && !parts.pop()) return null
		if (part && part !== '.' && part !== '..') parts.push(part)
	}
	return parts.join('/')
}

/* No more than it says, whatever it unpacks to. */
async function inflated(bytes: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array<ArrayBuffer> | null> {
	const out = new Uint8Array(size)
	let n = 0
	const stream = new DecompressionStream('deflate-raw')
	const writer = stream.writable.getWriter()
	const reader = stream.readable.getReader()
	/* What is wrong with it shows where it is read. */
	void writer.write(bytes).catch(() => {})
	void writer.close().catch(() => {})
	for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
		if (n + piece.value.length > size) {
			await reader.cancel()
			return null
		}
		out.set(piece.value, n)
		n += piece.value.length
	}
	return n === size ? out : null
}

/* Throws where it is no zip, or too much. */
export function openZip(buffer: ArrayBuffer): Zip {
	const view = new DataView(buffer)
	const end = endOf(view)
	const count = view.getUint16(end + 10, true)
	const entries = new Map<string, Entry>()
	let at = view.getUint32(end + 16, true), all = 0
	if (count > MOST_ENTRIES) throw new Error('large')
	for (let i = 0; i < count; i++) {
		if (view.getUint32(at, true) !== ENTRY) throw new Error('zip')
		const [flags, method, packed, size] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
		const [name, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)]
		const path = plainPath(decoded(new Uint8Array(buffer, at + 46, name)))
		all += size
		if (all > MOST_BYTES) throw new Error('large')
		if (path && !path.startsWith('__MACOSX/') && !(flags & 1) && (method === 0 || method === 8) && size) entries.set(path, { at: view.getUint32(at + 42, true), packed, size, method })
		at += 46 + name + extra + comment
	}
	return {
		names: [...entries.keys()],
		async read(name) {
			const e = entries.get(name)
			if (!e) return null
			try {
				const from = e.at + 30 + view.getUint16(e.at + 26, true) + view.getUint16(e.at + 28, true)
				const bytes = new Uint8Array(buffer, from, e.packed)
				return e.method ? await inflated(bytes, e.size) : bytes.slice(0, e.size)
			} catch { return null }
		},
	}
}
