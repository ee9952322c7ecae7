/* A sheet of articles, one a row, with how customers ask for each: 标题 and 正文, and as far as they are there 编号, 产品编号, 相似问法. */
import { rowsOf } from '@shared/format/csv'
import heads from './heads.json'
import { empty } from './knowledge'
import { codeOf, MOST_BODY, type Read } from './markdown'

type Column = 'title' | 'body' | 'code' | 'product' | 'asks'
const HEADS = heads.articles as Record<string, Column | undefined>
const MOST_ASKS = 50
const MOST_ASK = 200

/* What each row says, named by its number in the sheet. null: the head names no title and text. */
export function readSheet(text: string, taken: (code: string) => boolean): { row: number; read: Read }[] | null {
	const [head, ...rows] = rowsOf(text)
	const names = head.map((name) => HEADS[name.toLowerCase()])
	if (!names.includes('title') || !names.includes('body')) return null
	const given = new Set<string>()
	return rows.map((cells, i) => ({ cells, row: i + 2 })).filter((r) => r.cells.some(Boolean)).map(({ cells, row }) => {
		const said = Object.fromEntries(names.map((name, i) => [name ?? '', cells[i] ?? ''])) as Partial<Record<Column, string>>
		if (!said.title || !said.body) return { row, read: { wrong: 'empty' as const } }
		if ([...said.body].length > MOST_BODY) return { row, read: { wrong: 'long' as const } }
		const code = codeOf(said.code || 'doc', (c) => given.has(c) || taken(c))
		given.add(code)
		const phrasings = [...new Set((said.asks ?? '').split(/[;；|\n]+/).map((one) => one.trim()).filter((one) => one && [...one].length <= MOST_ASK))].slice(0, MOST_ASKS)
		return { row, read: { draft: { ...empty('faq'), code, title_zh: [...said.title].slice(0, MOST_ASK).join(''), body_zh: said.body, product: said.product ?? '' }, phrasings } }
	})
}
