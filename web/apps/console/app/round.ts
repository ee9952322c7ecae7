/*
 * The round to an identity provider: the server says where, the browser goes there and comes back to /sign-in/back. What it was for and where
 * to go on waits in this tab.
 */
import { client } from './api'
import type { NextStep } from './session'

export interface Offered { passwords: 'everybody' | 'emergency'; providers: { id: string; name: { zh: string; en: string } }[] }
/* What is left when it cannot be asked. */
export const passwordsAlone: Offered = { passwords: 'everybody', providers: [] }
export interface CameBack extends Partial<NextStep> { ok?: boolean; linked?: boolean; claims?: Record<string, unknown> }

const PLACE = 'round.next'

export function offered(company: string): Promise<Offered> {
	return client.call<'GET /session/provider', Offered>('GET /session/provider', { query: company ? { tenant: company } : {} })
}

function leave(url: string, next: string): void {
	sessionStorage.setItem(PLACE, next)
	location.assign(url)
}

export async function signIn(provider: string, more: { company?: string; invitation?: string; next?: string }): Promise<void> {
	const body = { provider_id: provider, ...(more.company ? { tenant: more.company } : {}), ...(more.invitation ? { invitation: more.invitation } : {}) }
	leave((await client.call<'POST /session/provider/start', { url: string }>('POST /session/provider/start', { body })).url, more.next ?? '/')
}

export async function link(provider: string): Promise<void> {
	leave((await client.call<'POST /session/provider/link', { url: string }>('POST /session/provider/link', { body: { provider_id: provider } })).url, '/settings')
}

export async function tryOut(provider: string): Promise<void> {
	leave((await client.post<{ url: string }>(`/sign_in_provider/${provider}/try`)).url, `/sign_in_provider/${provider}`)
}

/* What the provider sent along, and where this tab goes on. */
export async function comeBack(query: Record<string, string>): Promise<{ answer: CameBack; next: string }> {
	const next = sessionStorage.getItem(PLACE) ?? '/'
	const body = Object.fromEntries(['state', 'code', 'iss', 'error'].filter((name) => query[name]).map((name) => [name, query[name]]))
	const answer = await client.call<'POST /session/provider', CameBack>('POST /session/provider', { body: { state: '', ...body } })
	sessionStorage.removeItem(PLACE)
	return { answer, next }
}
