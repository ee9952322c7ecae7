/*
 * Who is logged in, what she may do, and the description of all records (meta). One store; pages ask it, and draw
 * nothing that the person may not use. The server decides again on every request.
 */
import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { both, useLang, useWords, type Lang } from '@shared/i18n'
import { chooseTheme, type Theme } from '@shared/theme'
import type { When } from '@shared/format/time'
import type { Field, FlowMeta, Meta, RecordMeta, TargetMeta } from '@shared/api/types'
import { i18n } from '@shared/i18n'
import type { Made } from '../factor/factor'
import { client, stream } from './api'
import { forgetKept } from './kept'
import { watchIdle } from './idle'

export interface User {
	id: string
	name: string
	account: string
	lang?: Lang
	theme?: Theme
	team_id?: string | null
	role?: string
	idle_minutes?: number
}

interface SessionReply {
	user: User
	tenant: { id: string; code: string; name: string; zone_minutes?: number; demo?: boolean; logo?: string }
	permissions: string[]
	/* What even all rights do not hold here. */
	withheld?: string[]
}

export interface NextStep { next: 'code' | 'enrol'; ticket: string }

/* Offset from UTC to a zone name that Intl knows; China has one zone. */
export function zoneOf(minutes: number | undefined): string {
	if (minutes === undefined || minutes === 480) return 'Asia/Shanghai'
	const hours = Math.round(minutes / 60)
	return hours === 0 ? 'Etc/UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

/* The times of making and of the last change are columns of every row; lists treat them like fields. */
function withTimes(r: RecordMeta): RecordMeta {
	const times = (r.sorts ?? []).filter((name) => !r.fields.some((f) => f.name === name)).map((name): Field => ({
		name, type: 'time', label: both(`record.${name}`), sortable: true, filterable: true, system: true, condition: 'time',
	}))
	return { ...r, fields: [...r.fields, ...times] }
}

/* Pages that make a record by a form of their own, where the generic route does not. */
const ownForms = new Set(['ticket', 'api_token'])
const offered: Record<string, keyof RecordMeta> = { create: 'creatable', change: 'changeable', archive: 'archivable', import: 'importable' }

export const useSession = defineStore('session', () => {
	const user = ref<User | null>(null)
	const tenant = ref<SessionReply['tenant'] | null>(null)
	const permissions = ref(new Set<string>())
	const withheld = ref(new Set<string>())
	const meta = shallowRef<Meta | null>(null)
	const now = ref(Date.now())
	/* Clock texts move once a minute; a hidden page does not wake for them. */
	setInterval(() => { if (!document.hidden) now.value = Date.now() }, 60_000)
	document.addEventListener('visibilitychange', () => { now.value = Date.now() })

	const when = computed<When>(() => ({
		now: now.value, zone: zoneOf(tenant.value?.zone_minutes), lang: i18n.global.locale.value as Lang,
	}))

	/* With the columns that every record has and no definition names. */
	const records = computed(() => new Map((meta.value?.records ?? []).map((r) => [r.name, withTimes(r)])))

	async function take(reply: SessionReply): Promise<void> {
		user.value = reply.user
		tenant.value = reply.tenant
		permissions.value = new Set(reply.permissions)
		withheld.value = new Set(reply.withheld ?? [])
		if (reply.user.lang) await useLang(reply.user.lang)
		if (reply.user.theme) chooseTheme(reply.user.theme)
		await reloadMeta()
		stream.start()
		stopIdle()
		stopIdle = watchIdle(reply.user.idle_minutes ?? 120, () => { void client.call('GET /session', {}).catch(() => null) }, () => { void wentIdle() })
	}

	let stopIdle: () => void = () => {}
	/* Set by the router: where somebody goes who has done nothing for too long. */
	const onIdle = ref<(() => void) | null>(null)
	async function wentIdle(): Promise<void> {
		await leave()
		onIdle.value?.()
	}

	async function reloadMeta(): Promise<void> {
		const fresh = await client.call<'GET /meta', Meta>('GET /meta', {})
		useWords(fresh.words)
		meta.value = fresh
	}

	/* True when a session is there; false sends the person to the log-in page. */
	async function resume(): Promise<boolean> {
		if (user.value) return true
		try {
			await take(await client.call<'GET /session', SessionReply>('GET /session', {}))
			return true
		} catch (error) {
			if ((error as { status?: number }).status === 401) return false
			throw error
		}
	}

	/* What is still to be done after the password; null: she is in. */
	async function enter(account: string, password: string, company: string): Promise<NextStep | null> {
		const answer = await client.call<'POST /session', Partial<NextStep>>('POST /session', { body: { account, password, ...(company ? { tenant: company } : {}) } })
		if (answer.next && answer.ticket) return { next: answer.next, ticket: answer.ticket }
		await resume()
		return null
	}

	/* By the link of an invitation, with a new password. */
	async function accept(token: string, password: string): Promise<NextStep | null> {
		const answer = await client.call<'POST /session/invitation/accept', Partial<NextStep>>('POST /session/invitation/accept', { body: { token, password } })
		if (answer.next && answer.ticket) return { next: answer.next, ticket: answer.ticket }
		forget()
		await resume()
		return null
	}

	/* The second step. New recovery codes when it set a factor up: the page shows them before it asks who has come in. */
	async function step(ticket: string, code: string): Promise<string[] | null> {
		const { recovery_codes: codes } = await client.call<'POST /session/code', Made>('POST /session/code', { body: { ticket, code } })
		if (!codes) await resume()
		return codes ?? null
	}

	function forget(): void {
		stream.stop()
		stopIdle()
		user.value = null
		meta.value = null
		useWords(null)
		forgetKept()
	}

	async function leave(): Promise<void> {
		await client.call('DELETE /session', {}).catch(() => null)
		forget()
	}

	function record(name: string): RecordMeta | undefined {
		return records.value.get(name)
	}
	function target(name: string): TargetMeta | undefined {
		return meta.value?.targets?.find((x) => x.name === name)
	}
	function flow(name: string | null | undefined): FlowMeta | undefined {
		return meta.value?.flows.find((f) => f.name === name)
	}
	function field(recordName: string, name: string): Field | undefined {
		return record(recordName)?.fields.find((f) => f.name === name)
	}
	function may(permission: string): boolean {
		return permissions.value.has(permission) || (permissions.value.has('*') && !permission.startsWith('audit.') && !withheld.value.has(permission))
	}

	/* What may be done with a record: `read create change archive export import reveal`. */
	function mayDo(name: string, verb: string): boolean {
		const r = record(name)
		if (!r || !may(`${name}.${verb}`)) return false
		return !offered[verb] || r[offered[verb]] !== false || (verb === 'create' && ownForms.has(name))
	}

	/* A number that the company has chosen; the server holds to it, a page only says so beforehand. */
	function setting(name: string): number {
		return Number(meta.value?.settings?.[name] ?? Number.NaN)
	}

	return { user, tenant, permissions, meta, now, when, resume, enter, accept, step, onIdle, forget, leave, reloadMeta, record, target, flow, field, setting, may, mayDo }
})
