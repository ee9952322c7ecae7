/* The first run: whether the server waits for its company, and founding it. */
import type { Label } from '@shared/i18n'
import { client } from './api'
import { useSession } from './session'

export interface Pack { name: string; label: Label; note: Label }
export interface FirstRun { open: boolean; password_length: number; packs: Pack[] }
export interface Founding { word: string; company: string; service_phone: string; pack: string; name: string; account: string; password: string; demo: boolean }

/* Once there is a company there is one for good. */
let over = false

export async function firstRun(): Promise<FirstRun | null> {
	if (over) return null
	const answer = await client.call<'GET /first_run', FirstRun>('GET /first_run', {})
	over = !answer.open
	return answer.open ? answer : null
}

/* Whoever asks for the log-in page of a company that does not exist; a server that cannot say shows the log-in. */
export async function isFirstRun(): Promise<boolean> {
	return Boolean(await firstRun().catch(() => null))
}

export async function found(body: Founding): Promise<void> {
	const session = useSession()
	await client.call('POST /first_run', { body })
	over = true
	session.forget()
	await session.resume()
}
