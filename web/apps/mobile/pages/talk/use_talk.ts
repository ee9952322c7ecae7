/*
 * The customer's conversation: messages by their number, asked for from the last one on whenever the live line says that something came,
 * so none is missing and none is shown twice. What she sends is kept on the phone until the server has it; sent again it is the same message.
 */
import { newKey } from '@shared/api/client'
import { asApiError, type ApiError } from '@shared/api/error'
import { Stream, type LineState } from '@shared/api/stream'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Conversation, Message } from '../../contract'
import { get, keys, put, remove } from '../../lib/store'
import * as my from '../../my'
import { useTyping } from './use_typing'

const GATHER_MS = 100
const AGAIN_MS = 5000
const PLACE_MS = 10_000

export interface Unsent { external_id: string; text: string; at: number; files?: string[]; refused?: string }

export function useTalk() {
	const router = useRouter()
	const conversation = shallowRef<Conversation | null>(null)
	const messages = ref<Message[]>([])
	const unsent = ref<Unsent[]>([])
	const ready = ref(false)
	const error = shallowRef<ApiError | null>(null)
	const line = ref<LineState>('off')
	const stream = new Stream({ client: my.client, path: '/api/v1/my/stream', eventPath: null })
	const { typer, take, gone, typing } = useTyping(stream)
	let unfollow: (() => void) | null = null
	let reading: Promise<void> | null = null
	let next: Promise<void> | null = null
	let sending = false
	let timer = 0, retry = 0

	const last = computed(() => messages.value.at(-1)?.no ?? 0)
	/* How far the company has read, for the mark under her own words. */
	const seen = computed(() => conversation.value?.staff_no ?? 0)

	function follow(next: Conversation) {
		if (conversation.value?.id !== next.id) {
			unfollow?.()
			messages.value = []
			unfollow = stream.subscribe(`conversation:${next.id}`, again, { onGap: again, onSignal: take })
		}
		conversation.value = next
	}
	const again = () => {
		window.clearTimeout(timer)
		timer = window.setTimeout(() => void load(), GATHER_MS)
	}

	async function readOn(id: string) {
		for (let more = true; more;) {
			const page = await my.messages(id, last.value)
			if (conversation.value?.id !== id) return
			if (page.items.length) gone() // what was being written is here
			messages.value.push(...page.items.filter((one) => one.no > last.value))
			more = page.more
		}
		if (!document.hidden && last.value > (conversation.value?.customer_no ?? 0)) conversation.value = await my.readTo(id, last.value)
	}
	async function readAll() {
		const newest = (await my.conversations())[0]
		if (newest && (newest.state !== 'closed' || !conversation.value || conversation.value.id === newest.id)) {
			follow(newest)
			await readOn(newest.id)
		}
		error.value = null
		ready.value = true
	}
	/* One reading at a time; whoever asks meanwhile waits for one that begins after she asked. */
	async function load(): Promise<void> {
		if (reading) { next ??= reading.then(read); return next }
		return read()
	}
	function read(): Promise<void> {
		next = null
		reading = readAll().catch((thrown: unknown) => {
			const failed = asApiError(thrown)
			if (failed.status === 401) return void router.replace({ name: 'sign-in', query: { next: '/talk' } })
			if (!messages.value.length) error.value = failed
		}).finally(() => { reading = null })
		return reading
	}

	async function drop(one: Unsent) {
		unsent.value = unsent.value.filter((other) => other.external_id !== one.external_id)
		await remove(`talk:${one.external_id}`)
	}
	/* In the order in which they were written; the first that does not go holds up the others. */
	async function flush() {
		if (sending) return
		sending = true
		window.clearTimeout(retry)
		try {
			for (let one = unsent.value.find((x) => !x.refused); one; one = unsent.value.find((x) => !x.refused)) {
				const sent = await my.talk(one.text, one.external_id, one.files)
				follow(sent.conversation)
				await drop(one)
				await load()
			}
		} catch (thrown) {
			const failed = asApiError(thrown)
			if (my.isAway(failed)) retry = window.setTimeout(() => void flush(), AGAIN_MS)
			else if (failed.status === 401) void router.replace({ name: 'sign-in', query: { next: '/talk' } })
			else unsent.value = unsent.value.map((one, i) => (i === 0 ? { ...one, refused: failed.message } : one))
		} finally {
			sending = false
		}
	}
	async function send(text: string, files: string[] = []) {
		const one: Unsent = { external_id: newKey(), text, at: Date.now(), files }
		unsent.value.push(one)
		await put(`talk:${one.external_id}`, one)
		await flush()
	}

	async function restore() {
		const kept = await Promise.all((await keys('talk:')).map((key) => get<Unsent>(key)))
		unsent.value = kept.filter((one) => one !== null).sort((a, b) => a.at - b.at)
		await flush()
	}
	async function rate(rating: number, words: string) {
		if (conversation.value) conversation.value = await my.rateTalk(conversation.value.id, rating, words)
	}
	/* Others leave the line before her, and nothing of hers tells of it. */
	const ahead = window.setInterval(() => { if (!document.hidden && conversation.value?.state === 'waiting' && conversation.value.queue) again() }, PLACE_MS)
	const shown = () => { if (!document.hidden) again() }
	onMounted(async () => {
		stream.onState = (state) => {
			if (state === 'on') { again(); void flush() }
			line.value = state
		}
		stream.start()
		document.addEventListener('visibilitychange', shown)
		await load()
		await restore()
	})
	onBeforeUnmount(() => {
		window.clearTimeout(timer)
		window.clearTimeout(retry)
		window.clearInterval(ahead)
		document.removeEventListener('visibilitychange', shown)
		stream.stop()
	})
	return { conversation, messages, unsent, ready, error, line, seen, typer, typing: () => typing(conversation.value?.id), load, send, drop, flush, rate }
}
