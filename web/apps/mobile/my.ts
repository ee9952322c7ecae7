/*
 * Every request of the customer pages, by name. Built on the shared client, which adds language and Idempotency-Key
 * and repeats what got no answer; here is only what belongs to /api/v1/my.
 */
import { Client } from '@shared/api/client'
import { ApiError } from '@shared/api/error'
import type { CodeSent, Consent, Conversation, DataRequest, Device, Form, Message, Rate, Self, SelfAddress, Session, Ticket, Unsolved, WechatAccount } from './contract'
import { proveInWorker } from './lib/proof'
import { forgetCompany, tenant } from './tenant'

export { ApiError }

export const client = new Client('/api/v1/my')

/* True when the network or the server is away for now: the same request may succeed later. */
export function isAway(error: unknown): boolean {
	return error instanceof ApiError && (error.temporary || error.status === 429 || error.status >= 500)
}

const at = (id: string) => `/ticket/${encodeURIComponent(id)}`

export const form = () => client.get<Form>('/form', tenant()).catch((error: unknown) => {
	if (error instanceof ApiError && error.status === 404 && forgetCompany()) return client.get<Form>('/form', tenant())
	throw error
})
export const session = () => client.get<Session>('/session')
export const sendCode = (phone: string) => client.post<CodeSent>('/code', { phone, ...tenant() })
export const signIn = (by: { phone: string; code: string } | { token: string }) => client.post<Session>('/session', { ...by, ...tenant() })
export const signOut = () => client.remove<void>('/session')

export const devices = () => client.get<{ items: Device[] }>('/device').then((page) => page.items)
export const findDevice = (by: { serial: string } | { qr: string }) => client.post<Device>('/device/find', by)

export const tickets = () => client.get<{ items: Ticket[] }>('/ticket').then((page) => page.items)
export const ticket = (id: string) => client.get<Ticket>(at(id))

/*
 * Sends a report or a fact. When the server asks for a proof of work (too many reports from here in an hour), the phone
 * works it out beside the page and sends the same message again with the same key.
 */
export async function send(path: string, body: unknown, key: string): Promise<Ticket> {
	try {
		return await client.post<Ticket>(path, body, { key })
	} catch (error) {
		if (!(error instanceof ApiError) || error.status !== 428) throw error
		const [bits, challenge] = error.arg.split(':', 2)
		const proof = await proveInWorker(challenge, Number(bits))
		return client.post<Ticket>(path, body, { key, headers: { 'X-Proof': proof } })
	}
}

export const factPath = (id: string) => `${at(id)}/fact`
export const remind = (id: string, version: number) => client.post<Ticket>(`${at(id)}/remind`, { version })
export const confirm = (id: string, version: number) => client.post<Ticket>(`${at(id)}/confirm`, { version })
export const unsolved = (id: string, body: Unsolved) => client.post<Ticket>(`${at(id)}/unsolved`, body)
export const rate = (id: string, body: Rate) => client.post<Ticket>(`${at(id)}/rate`, body)

const talkAt = (id: string) => `/conversation/${encodeURIComponent(id)}`
export const conversations = () => client.get<{ items: Conversation[] }>('/conversation').then((page) => page.items)
export const talk = (text: string, external_id: string, file_ids: string[] = []) => client.post<{ no: number; conversation: Conversation }>('/conversation', { text, external_id, file_ids }, { key: external_id })
export const rateTalk = (id: string, rating: number, words: string) => client.post<Conversation>(`${talkAt(id)}/rating`, { rating, text: words })
export const messages = (id: string, after: number) => client.get<{ items: Message[]; more: boolean }>(`${talkAt(id)}/message`, { after })
export const readTo = (id: string, no: number) => client.post<Conversation>(`${talkAt(id)}/read`, { no })

export const consents = () => client.get<{ items: Consent[] }>('/consent').then((page) => page.items)
export const allow = ({ purpose, version }: Consent, given: boolean) => client.post<{ items: Consent[] }>('/consent', { purpose, version, given }).then((page) => page.items)
/* In the order in which an address is read. */
export const placeNames = ['province', 'city', 'district', 'street'] as const
export const self = () => client.get<Self>('/self')
export const putRight = (body: Pick<Self, 'version' | 'name' | 'email'>) => client.patch<Self>('/self', body)
export const putAddressRight = ({ id, version, province, city, district, street }: SelfAddress) => client.patch<Self>(`/address/${encodeURIComponent(id)}`, { version, province, city, district, street })

export const wechat = () => client.get<{ items: WechatAccount[] }>('/wechat').then((page) => page.items)
export const wechatWord = () => client.post<{ say: string; until: number }>('/wechat', {})
export const wechatUndo = () => client.remove<void>('/wechat')

export const requests = () => client.get<{ items: DataRequest[] }>('/request').then((page) => page.items)
export const request = (kind: DataRequest['kind'], text: string) => client.post<{ items: DataRequest[] }>('/request', { kind, ...(text ? { text } : {}) }).then((page) => page.items)

export const copyUrl = () => client.url('/handout', { format: 'json' })

export const fileUrl = (id: string) => client.url(`/file/${encodeURIComponent(id)}/content`)
