/*
 * Who is signed in on this phone: by one-time code, or by the signed link that a message carried. The link's token
 * comes in the URL fragment (never sent to a server or written to a log), is exchanged once and removed from the address.
 */
import { shallowRef } from 'vue'
import type { Session } from './contract'
import * as my from './my'
import { ApiError } from './my'
import { belongTo } from './tenant'
import { joinVisit } from '../widget/join'

export const session = shallowRef<Session | null>(null)
let asked: Promise<Session | null> | null = null

/* The session this browser has, or null when it has none. Throws when the server cannot be asked. */
export function loadSession(): Promise<Session | null> {
	asked ??= my
		.session()
		.catch((error: unknown) => {
			if (error instanceof ApiError && error.status === 401) return null
			asked = null
			throw error
		})
		.then((found) => (session.value = found))
	return asked
}

function enter(found: Session): Session {
	session.value = found
	belongTo(found.tenant.code)
	void joinVisit(found.tenant.code)
	asked = Promise.resolve(found)
	return found
}

export async function signInByCode(phone: string, code: string): Promise<Session> {
	return enter(await my.signIn({ phone, code }))
}

export async function signInByToken(token: string): Promise<Session> {
	return enter(await my.signIn({ token }))
}

export async function signOut(): Promise<void> {
	await my.signOut()
	forget()
}

/* After a 401: the session ended on the server. */
export function forget(): void {
	session.value = null
	asked = null
}

/* `#/ticket/7?t=abc&x=1` → token and the address without it; null when there is none. */
export function takeToken(fragment: string): { token: string; rest: string } | null {
	const [path = '', query = ''] = fragment.replace(/^#/, '').split('?', 2)
	const bare = path.startsWith('t=') ? path : query
	const values = new URLSearchParams(bare)
	const token = values.get('t')
	if (!token) return null
	values.delete('t')
	const left = values.toString()
	const where = path.startsWith('t=') ? '/' : path || '/'
	return { token, rest: `#${where}${left ? `?${left}` : ''}` }
}
