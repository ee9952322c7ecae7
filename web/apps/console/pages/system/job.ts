/* Jobs of the company, and their words. */
import { has, t } from '@shared/i18n'
import type { ActorKind } from '@shared/api/types'

export interface Amount { kind: string; state: string; amount: number }
export interface Job { id: string; kind: string; run_at: number; attempts: number; last_error: string }
export interface Act { no: number; at: number; what: string; job_id: string; job: { kind: string; attempts: number }; actor: { kind: ActorKind; name: string | null } }

export const states = ['dead', 'running', 'waiting', 'dropped'] as const
export const word = (key: string, otherwise: string) => (has(key) ? t(key) : otherwise)
export const kindText = (kind: string) => word(`system.kind_${kind.replace('.', '_')}`, kind)
