/* Links between tickets as the API tells them: what one is of the other, and from which side it is seen. */
import type { Item } from '@shared/api/types'

export type LinkKind = 'related' | 'duplicate' | 'caused_by'
export interface Link { id: string; kind: LinkKind; way: 'from' | 'to'; at: number; ticket_id: string }
export interface LinkPage { items: Link[]; tickets: Item[] }
export const kinds: LinkKind[] = ['related', 'duplicate', 'caused_by']
