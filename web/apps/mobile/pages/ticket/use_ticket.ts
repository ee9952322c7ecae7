/*
 * One ticket as its customer sees it, kept fresh by the live line: an event only says that something changed, the ticket is
 * read again. Actions carry the version that is on the screen; when it is stale, the page refreshes and says so.
 */
import { asApiError, type ApiError } from '@shared/api/error'
import { newKey } from '@shared/api/client'
import { Stream, type LineState } from '@shared/api/stream'
import { toast } from '@shared/blocks/toast'
import { t } from '@shared/i18n'
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { loadForm } from '../../company'
import type { Ticket } from '../../contract'
import type { Part } from '../../lib/part'
import { uploadPart } from '../../lib/part'
import * as my from '../../my'
import { drop, enqueue } from '../../outbox'

const GATHER_MS = 150

export function useTicket(id: string) {
	const router = useRouter()
	const ticket = shallowRef<Ticket | null>(null)
	const error = shallowRef<ApiError | null>(null)
	const line = ref<LineState>('off')
	const busy = ref(false)

	async function load() {
		try {
			ticket.value = await my.ticket(id)
			follow(ticket.value.id)
			error.value = null
		} catch (thrown) {
			const failed = asApiError(thrown)
			if (failed.status === 401 || failed.status === 410)
				return void router.replace({ name: 'sign-in', query: { why: 'expired', next: `/ticket/${id}` } })
			/* What is on the screen stays; it is only not the newest. */
			if (!ticket.value) error.value = failed
		}
	}

	const stream = new Stream({ client: my.client, path: '/api/v1/my/stream', eventPath: null })
	const followed = new Set([id])
	/* What was merged goes on in another ticket: its events are heard, too. */
	function follow(other: string) {
		if (followed.has(other)) return
		followed.add(other)
		stream.subscribe(`ticket:${other}`, again, { onGap: again })
	}
	let timer = 0
	const again = () => {
		window.clearTimeout(timer)
		timer = window.setTimeout(() => void load(), GATHER_MS)
	}
	onMounted(() => {
		void loadForm().catch(() => undefined)
		void load()
		stream.onState = (state) => {
			/* Also the first time: what happened between reading the ticket and listening is in neither. */
			if (state === 'on') again()
			line.value = state
		}
		stream.subscribe(`ticket:${id}`, again, { onGap: again })
		stream.start()
	})
	onBeforeUnmount(() => {
		window.clearTimeout(timer)
		stream.stop()
	})

	/* Runs a move; true when it was done. */
	async function act(move: (version: number) => Promise<Ticket>, done: string): Promise<boolean> {
		if (busy.value || !ticket.value) return false
		busy.value = true
		try {
			ticket.value = await move(ticket.value.version)
			if (done) toast(done)
			return true
		} catch (thrown) {
			const failed = asApiError(thrown)
			if (failed.status === 409) await load()
			toast(failed.code === 'version_conflict' ? t('progress.changed') : failed.message)
			return false
		} finally {
			busy.value = false
		}
	}

	const remind = () => act((version) => my.remind(id, version), t('progress.remindDone'))
	const confirm = () => act((version) => my.confirm(id, version), '')

	async function unsolved(reason: string, parts: Part[]): Promise<boolean> {
		return act(async (version) => {
			const file_ids: string[] = []
			for (const part of parts) file_ids.push(await uploadPart(part, () => undefined))
			return my.unsolved(id, { version, reason, file_ids })
		}, t('progress.reopened'))
	}

	/* Facts need no version: adding is never in conflict, so they may also wait for the network. */
	async function addFact(text: string, parts: Part[]): Promise<boolean> {
		const key = newKey()
		const result = await enqueue({
			key, path: my.factPath(id), scene: null, body: { text: text || t('progress.onlyFiles'), file_ids: [] }, parts, proof: null, created_at: Date.now(), refusal: null,
		})
		if (result.kind === 'refused') {
			await drop(key)
			toast(result.error.message)
			return false
		}
		if (result.kind === 'sent') ticket.value = result.ticket
		toast(result.kind === 'sent' ? t('progress.added') : t('progress.addQueued'))
		return true
	}

	return { ticket, error, line, busy, load, remind, confirm, unsolved, addFact }
}
