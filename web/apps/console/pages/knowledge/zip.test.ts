// @vitest-environment node
/* Zips as programs pack them, and as attackers do. */
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openZip, plainPath } from './zip'

interface Given { name: string | number[]; text: string; method?: 0 | 8; size?: number; flags?: number }
function pack(given: Given[], count = given.length): ArrayBuffer {
	const local: number[] = [], central: number[] = []
	const u16 = (n: number) => [n & 255, n >> 8]
	const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24]
	for (const g of given) {
		const raw = [...new TextEncoder().encode(g.text)], body = g.method === 0 ? raw : [...deflateRawSync(Uint8Array.from(raw))]
		const name = typeof g.name === 'string' ? [...new TextEncoder().encode(g.name)] : g.name
		const facts = [...u16(g.flags ?? 0), ...u16(g.method ?? 8), ...u32(0), ...u32(0), ...u32(body.length), ...u32(g.size ?? raw.length), ...u16(name.length), ...u16(0)]
		central.push(...u32(0x02014b50), ...u16(20), ...u16(20), ...facts, ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(local.length), ...name)
		local.push(...u32(0x04034b50), ...u16(20), ...facts, ...name, ...body)
	}
	return Uint8Array.from([...local, ...central, ...u32(0x06054b50), 0, 0, 0, 0, ...u16(count), ...u16(count), ...u32(central.length), ...u32(local.length), 0, 0]).buffer
}
const text = (bytes: Uint8Array | null) => (bytes ? new TextDecoder().decode(bytes) : null)

test('entries are read by name, packed or not, names in GB18030 too', async () => {
	const zip = openZip(pack([{ name: 'a/说明.md', text: '# 滤网' }, { name: [0xcb, 0xb5, 0xc3, 0xf7, 0x2e, 0x6d, 0x64], text: '另一篇', method: 0 }, { name: '__MACOSX/x.md', text: 'x' }, { name: 'a/', text: '' }]))
	expect(zip.names).toEqual(['a/说明.md', '说明.md'])
	expect([text(await zip.read('a/说明.md')), text(await zip.read('说明.md')), await zip.read('none')]).toEqual(['# 滤网', '另一篇', null])
})

test('what unpacks to more than it says, is locked or damaged is not there', async () => {
	const zip = openZip(pack([{ name: 'bomb.md', text: 'x'.repeat(100_000), size: 10 }, { name: 'short.md', text: 'x', size: 10 }, { name: 'locked.md', text: 'x', flags: 1 }]))
	expect(zip.names).toEqual(['bomb.md', 'short.md'])
	expect([await zip.read('bomb.md'), await zip.read('short.md')]).toEqual([null, null])
})

test('too much and what is no zip are refused', () => {
	expect(() => openZip(pack([{ name: 'a.md', text: 'x', size: 300 * 2 ** 20 }]))).toThrow('large')
	expect(() => openZip(pack([{ name: 'a.md', text: 'x' }], 5000))).toThrow('large')
	expect(() => openZip(pack([{ name: 'a.md', text: 'x' }], 2))).toThrow()
	expect(() => openZip(new TextEncoder().encode('PK no zip at all, only words').buffer)).toThrow('zip')
})

test('paths lead nowhere outside', () => {
	expect(['./a/../b.png', 'a//b.png', '..\\..\\etc\\passwd', '../x', '/a'].map(plainPath)).toEqual(['b.png', 'a/b.png', null, null, 'a'])
})
