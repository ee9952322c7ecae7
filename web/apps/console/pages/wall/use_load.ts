/* What the server sums for the wall: figures of this hour, load of people, queues, the day's curve; one question for all of them. */
import { shallowRef } from 'vue'
import { asApiError, type ApiError } from '@shared/api/error'
import type { Item } from '@shared/api/types'
import { client } from '../../app/api'

export interface Person { user: string; user_name: string | null; team: string; team_name: string | null; open: number; soon: number; late: number }
export interface Team { team: string; team_name: string | null; open: number; late: number; waiting: number; since: number }
export interface Skill { product: string; product_name: string | null; waiting: number; since: number }
export interface Figures { waiting: number; breached: number; critical: number; soon: number; unowned: number }
export type Hour = [received: number, solved: number]
export interface Load {
	now: number; sums: boolean; figures?: Figures; longest?: { ticket: string; since: number } | null; minutes?: number[]; worst?: Item[]; people?: Person[]; people_more?: boolean; teams?: Team[]; teams_more?: boolean; skills?: Skill[]; skills_more?: boolean; hours?: Hour[]
}

export function useLoad() {
	const load = shallowRef<Load | null>(null)
	const failed = shallowRef<ApiError | null>(null)
	async function read(): Promise<void> {
		try {
			load.value = await client.get<Load>('/wall')
			failed.value = null
		} catch (error) { failed.value = asApiError(error) }
	}
	return { load, failed, read }
}
