/* What people call a row: the server's `title`, else its number, name or id. */
import type { Item } from '@shared/api/types'

export function titleOf(item: Item | null | undefined): string {
	if (!item) return ''
	for (const name of ['title', 'name', 'no', 'serial', 'code', 'account'])
		if (typeof item[name] === 'string' && item[name]) return item[name] as string
	return item.id
}
