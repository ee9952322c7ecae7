/* Files as drafts of articles, one by one: Markdown, HTML, sheets, Word documents, and whatever of them lies in a zip. */
import { asApiError, ApiError } from '@shared/api/error'
import { newUpload, send } from '@shared/api/upload'
import { t } from '@shared/i18n'
import { client } from '../../app/api'
import { htmlPage } from './html'
import { type Draft } from './knowledge'
import { drafted, titled, type Left, type Read } from './markdown'
import { lift, named, settled, type Find } from './pictures'
import { sections, type Section } from './sections'
import { readSheet } from './sheet'
import { decoded, MOST_BYTES, openZip, plainPath } from './zip'

/* of: the document that it is a section of. */
export interface Row { name: string; read: Read; of?: string }
type Known = (code: string) => boolean
const READABLE = /\.(md|markdown|txt|html?|csv|docx)$/i
const nowhere: Find = async () => null

/* A draft, or one for each section of what is too long for one. What stayed behind is said once, with the first
   of them that is not too long all the same. */
function rowsOf(name: string, title: string, body: string, known: Known, left: Left, files: File[] = []): Row[] {
	const parts = sections(title, body)
	const read = (one: Section): Read => {
		const own = named(one.body, files)
		const found = drafted(name, one.title, own.text, known)
		return 'draft' in found ? { ...found, files: own.files, left: {} } : found
	}
	const rows: Row[] = parts.length < 2 ? [{ name, read: read(parts[0] ?? { title, body }) }]
		: parts.map((one, i) => ({ name: `${name} ${t('knowledge.import_section', { n: i + 1 })} ${one.title}`, of: name, read: read(one) }))
	for (const row of rows) if ('draft' in row.read) { row.read.left = left; break }
	return rows
}

/* The server reads it, and keeps its pictures for a day: an article that names them holds them. */
async function readDocument(file: File, known: Known): Promise<Row[]> {
	try {
		const id = await send(client, '/file', file, newUpload(file), () => {})
		const said = await client.post<{ title: string; body: string; left: Left }>('/knowledge/read', { file_id: id }, { timeoutMs: 300_000 })
		return rowsOf(file.name, said.title || file.name.replace(/\.\w+$/, ''), said.body.trim(), known, said.left)
	} catch (error) {
		const e = asApiError(error)
		return [{ name: file.name, read: { wrong: 'said', message: e.fields[0]?.message ?? e.message } }]
	}
}

async function readWords(name: string, text: string, known: Known, find: Find): Promise<Row[]> {
	const page = /\.html?$/i.test(name) ? htmlPage(text) : null
	const lifted = await lift(page ? page.body : text, find)
	const { title, body } = titled(name, page?.title ? `# ${page.title}\n\n${lifted.text}` : lifted.text)
	return rowsOf(name, title, body, known, { pictures: lifted.lost }, lifted.files)
}

async function readTable(name: string, text: string, known: Known, find: Find): Promise<Row[]> {
	const rows = readSheet(text, known)
	if (!rows) return [{ name, read: { wrong: 'head' } }]
	return Promise.all(rows.map(async ({ row, read }) => {
		const line = { name: `${name} ${t('knowledge.import_row', { n: row })}`, read }
		if (!('draft' in read)) return line
		const lifted = await lift(read.draft.body_zh, find)
		return { ...line, read: { ...read, draft: { ...read.draft, body_zh: lifted.text }, files: lifted.files, left: { pictures: lifted.lost } } }
	}))
}

async function* readArchive(file: File, known: Known): AsyncGenerator<Row> {
	if (file.size > MOST_BYTES) return yield { name: file.name, read: { wrong: 'zip_large' } }
	let zip, found = false
	try { zip = openZip(await file.arrayBuffer()) } catch (error) { return yield { name: file.name, read: { wrong: error instanceof Error && error.message === 'large' ? 'zip_large' : 'zip' } } }
	for (const name of zip.names.filter((one) => READABLE.test(one))) {
		const bytes = await zip.read(name)
		const last = name.split('/').at(-1)!
		const folder = name.slice(0, name.length - last.length)
		const beside: Find = async (path) => zip.read(plainPath(path.startsWith('/') ? path : folder + path) ?? '')
		found = true
		if (!bytes) yield { name, read: { wrong: 'zip' } }
		else for await (const row of readFile(new File([bytes], last), known, beside)) yield { ...row, name: row.name.replace(last, () => name), of: row.of && name }
	}
	if (!found) yield { name: file.name, read: { wrong: 'zip_none' } }
}

/* One after another, as they are asked for: whoever has enough stops, and what a draft is called is known before the next is read. */
export async function* readFile(file: File, known: Known, find: Find = nowhere): AsyncGenerator<Row> {
	if (/\.zip$/i.test(file.name)) return yield* readArchive(file, known)
	if (/\.docx?$/i.test(file.name)) return yield* await readDocument(file, known)
	const text = decoded(new Uint8Array(await file.arrayBuffer()))
	if (/\.csv$/i.test(file.name)) return yield* await readTable(file.name, text, known, find)
	yield* await readWords(file.name, text, known, find)
}

/* The words of a draft with its pictures uploaded. A picture that the server refuses is left out, and counted. */
export async function withPictures(draft: Draft, files: File[], left: Left): Promise<Draft> {
	const ids: (string | null)[] = []
	for (const file of files) {
		try { ids.push(await send(client, '/file', file, newUpload(file), () => {})) } catch (error) {
			if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) throw error
			ids.push(null)
			left.pictures = (left.pictures ?? 0) + 1
		}
	}
	return files.length ? { ...draft, body_zh: settled(draft.body_zh, ids).trim() } : draft
}
