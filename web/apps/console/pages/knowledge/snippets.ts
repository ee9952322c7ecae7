/* Words that many articles hold by name: how one stands in a text, and those that there are, asked for once by all editors of a page. */
import type { Item } from '@shared/api/types'
import { client } from '../../app/api'
import { kept } from '../../app/kept'

export const snippetMark = (name: string) => `{{snippet.${name}}}`

const FRESH_MS = 5000

async function read(): Promise<string[]> {
	const names: string[] = []
	for (let after: string | null = ''; after !== null;) {
		const page: { items: Item[]; next: string | null } = await client.get<{ items: Item[]; next: string | null }>('/snippet', { limit: 100, ...(after ? { after } : {}) })
		names.push(...page.items.map((s) => String(s.name)))
		after = page.next
	}
	return names.sort((a, b) => a.localeCompare(b, 'zh'))
}

const names = kept(FRESH_MS, read)
export const snippetNames = () => names.get('')
