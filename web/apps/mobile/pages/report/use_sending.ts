/*
 * Sending a report: says what is missing, asks for sign-in when there is none, hands the message to the outbox, and brings what
 * the server refuses back to its place on the page. The draft stays until the server, or the outbox, has the message.
 */
import { newKey } from '@shared/api/client'
import type { ApiError } from '@shared/api/error'
import { toast } from '@shared/blocks/toast'
import { pick, t } from '@shared/i18n'
import { nextTick, ref, shallowRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { loadForm, productOf } from '../../company'
import type { Scene, Ticket } from '../../contract'
import { dropDraft, type Draft } from '../../draft'
import * as my from '../../my'
import { drop, enqueue, type Waiting } from '../../outbox'
import { loadSession, session } from '../../session'
import { faultsOf, reportOf, type Faults } from './form'

/* Names the server uses for what the page calls otherwise. */
const PLACE: Record<string, string> = {
	device_id: 'device', product_id: 'device', serial: 'device', danger: 'safety', symptoms: 'problem', description: 'problem', file_ids: 'problem',
	preferred_day: 'when', preferred_time: 'when',
}

export function useSending(sceneName: string, scene: Ref<Scene | null>, draft: Draft, keeping: { now(): void; stop(): void }) {
	const route = useRoute()
	const router = useRouter()
	const faults = ref<Faults>({})
	const refusedBy = shallowRef<Ticket | null>(null) // the open ticket of the same device
	const busy = ref(false)

	async function show(found: Faults) {
		faults.value = found
		const first = Object.keys(found)[0]
		if (!first) return
		toast(t('report.mend', { count: Object.keys(found).length }))
		await nextTick()
		const place = document.getElementById(first)
		place?.scrollIntoView({ block: 'center' })
		place?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
	}

	async function send() {
		if (busy.value || !scene.value) return
		const missing = Object.entries(faultsOf(scene.value, draft, (productOf(draft.product_id)?.symptoms.length ?? 0) > 0)).map(([name, key]) => [name, t(key)])
		await show(Object.fromEntries(missing))
		if (Object.keys(faults.value).length > 0) return
		if (!session.value && !(await loadSession().catch(() => session.value))) {
			keeping.now()
			if (navigator.onLine) return void router.push({ name: 'sign-in', query: { next: route.fullPath } })
		}
		busy.value = true
		try {
			await sendKept()
		} finally {
			busy.value = false
		}
	}

	async function sendKept() {
		if (!scene.value) return
		const item: Waiting = {
			key: newKey(), path: '/ticket', scene: sceneName, body: { ...reportOf(scene.value, draft, (field) => pick(field.label)) },
			parts: draft.parts, proof: draft.proof?.kind ? draft.proof_part : null, created_at: Date.now(), refusal: null,
		}
		const result = await enqueue(item)
		if (result.kind === 'refused') return refuse(item.key, result.error)
		keeping.stop()
		await dropDraft(sceneName)
		if (result.kind === 'signed_out') return void router.replace({ name: 'sign-in', query: { next: '/' } })
		const query = result.kind === 'sent' ? { id: result.ticket.id, no: result.ticket.no, grade: result.ticket.grade } : { queued: '1' }
		await router.replace({ name: 'done', query })
	}

	/* The draft is still on the page; the refused message itself is of no more use. */
	async function refuse(key: string, failed: ApiError) {
		await drop(key)
		if (failed.code === 'open_ticket') {
			refusedBy.value = await my.ticket(failed.arg).catch(() => null)
			if (refusedBy.value) return
		}
		if (failed.fields.length > 0) await loadForm(true).catch(() => null) // what is asked may have changed meanwhile
		const found: Faults = {}
		for (const fault of failed.fields) found[PLACE[fault.field] ?? fault.field.replace(/^answers\./, '')] = fault.message
		if (Object.keys(found).length > 0) await show(found)
		else toast(failed.message)
	}

	return { faults, busy, refusedBy, send }
}
