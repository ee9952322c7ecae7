/*
 * Pictures in Markdown that comes from elsewhere. Those that are at hand (in the text itself as data, or beside it in a zip) are taken along and uploaded when the
 * article is made; others are left out and counted: nothing is fetched from an address that a file names.
 */
const MOST = 40
const PICTURE = /!\[((?:\\.|[^\]\\])*)\]\(\s*(<[^>\n]*>|(?:\([^()\s]*\)|[^()\s])*)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)|<img\b[^>]*>/gi
const KINDS: [string, string, number[]][] = [['image/png', 'png', [0x89, 0x50, 0x4e, 0x47]], ['image/jpeg', 'jpg', [0xff, 0xd8, 0xff]], ['image/webp', 'webp', [0x52, 0x49, 0x46, 0x46]]]

export type Find = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>
export interface Lifted { text: string; files: File[]; lost: number }

/* Of the kinds that articles show, told by its first bytes. */
function pictureOf(bytes: Uint8Array<ArrayBuffer> | null, name: string): File | null {
	const kind = bytes && KINDS.find(([, , mark]) => mark.every((b, i) => bytes[i] === b))
	return bytes && kind ? new File([bytes], `${name}.${kind[1]}`, { type: kind[0] }) : null
}

function ofData(address: string): Uint8Array<ArrayBuffer> | null {
	const found = /^data:image\/[\w.+-]+(;[^,]*)?;base64,([\s\S]*)$/i.exec(address)
	if (!found) return null
	try { return Uint8Array.from(atob(found[2].replaceAll(/\s/g, '')), (c) => c.charCodeAt(0)) } catch { return null }
}

function plain(address: string): string {
	try { return decodeURIComponent(address.replace(/[?#].*$/, '')) } catch { return address }
}

interface Mark { at: number; length: number; words: string; address: string }
function marks(text: string): Mark[] {
	return [...text.matchAll(PICTURE)].map((m) => {
		const tag = m[2] === undefined ? new DOMParser().parseFromString(m[0], 'text/html').querySelector('img') : null
		const address = tag ? tag.getAttribute('src') ?? '' : (m[2] ?? '').replace(/^<|>$/g, '')
		const words = tag ? (tag.getAttribute('alt') ?? '').replaceAll(/[\\[\]\n]/g, '') : m[1] ?? ''
		return { at: m.index, length: m[0].length, words, address: address.trim() }
	})
}

/* "![words](picture:0)" by the number of the file. Files that the company holds already are left as they are named. */
export async function lift(text: string, find: Find): Promise<Lifted> {
	const files: File[] = []
	const known = new Map<string, number>()
	let out = '', from = 0, lost = 0
	for (const m of marks(text)) {
		out += text.slice(from, m.at)
		from = m.at + m.length
		if (/^file:\d+$/.test(m.address)) {
			out += `![${m.words}](${m.address})`
			continue
		}
		let number = known.get(m.address)
		if (number === undefined && files.length < MOST) {
			const there = /^data:/i.test(m.address) ? ofData(m.address) : /^[a-z][a-z\d+.-]*:|^\/\//i.test(m.address) ? null : await find(plain(m.address))
			const file = pictureOf(there, `picture-${files.length + 1}`)
			if (file) {
				number = files.push(file) - 1
				known.set(m.address, number)
			}
		}
		if (number === undefined) lost++
		else out += `![${m.words}](picture:${number})`
	}
	return { text: out + text.slice(from), files, lost }
}

/* A part of a text with those files alone that it names, by their numbers there. */
export function named(text: string, files: File[]): { text: string; files: File[] } {
	const own: File[] = []
	const numbered = text.replaceAll(/(!\[(?:\\.|[^\]\\])*\]\(picture:)(\d+)\)/g, (all, mark: string, n: string) => {
		const file = files[Number(n)]
		if (!file) return all
		if (!own.includes(file)) own.push(file)
		return `${mark}${own.indexOf(file)})`
	})
	return { text: numbered, files: own }
}

/* With the ids that the files have by now; null: the server would not have it. */
export function settled(text: string, ids: (string | null)[]): string {
	return text.replaceAll(/!\[((?:\\.|[^\]\\])*)\]\(picture:(\d+)\)/g, (all, words: string, n: string) => {
		const id = ids[Number(n)]
		return id === undefined ? all : id === null ? '' : `![${words}](file:${id})`
	})
}
