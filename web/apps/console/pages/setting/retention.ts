/* Settings that say how long something is kept: the kind of content that each is about, as /retention names it. */
import type { Calls } from '@shared/api/generated'

export type Kind = Calls['GET /retention']['reply']['items'][number]
export type Due = Calls['GET /retention/{name}/due']['reply']

const kinds: Record<string, string> = { 'keep.customer': 'customer', 'keep.ticket': 'ticket', 'keep.message': 'message', 'keep.import': 'import', 'keep.run': 'run' }

export const kindOf = (setting: string): string | undefined => kinds[setting]
