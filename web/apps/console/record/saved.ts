/* Says that a row is saved and offers to put back what the save has changed. Sealed values cannot be read back: where one changed there is
 * no undo, for half of one would be worse than none. */
import { t } from '@shared/i18n'
import type { Field, Item } from '@shared/api/types'
import { toast } from '@shared/blocks/toast'
import { client } from '../app/api'
import { isInput } from './fields'

const isSealed = (f: Field) => f.condition === 'sealed' || Boolean(f.masked)

/* The values of `before` that a save has changed; null: nothing that can be put back. */
export function valuesBefore(fields: Field[], before: Item | null, next: Item): Record<string, unknown> | null {
	if (!before) return null
	const changed = fields.filter((f) => isInput(f, false) && JSON.stringify(before[f.name] ?? null) !== JSON.stringify(next[f.name] ?? null))
	return changed.length && !changed.some(isSealed) ? Object.fromEntries(changed.map((f) => [f.name, before[f.name] ?? null])) : null
}

export function toastSaved(record: string, fields: Field[], before: Item | null, next: Item, take: (item: Item) => void): void {
	const values = valuesBefore(fields, before, next)
	toast(t('record.saved'), values ? async () => take(await client.patch<Item>(`/${record}/${next.id}`, { ...values, version: next.version })) : undefined)
}
