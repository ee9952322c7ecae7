/*
 * The customer's conversation: messages by their number, asked for from the last one on whenever the live line says that something came,
 * so none is missing and none is shown twice. What she sends is kept on the phone until the server has it; sent again it is the same message.
 */
import { asApiError, type ApiError } from '@shared/api/error'
import { Stream, type LineState } from '@shared/api/stream'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Conversation, Message } from '../../contract'
import * as my from '../../my'
import { useTyping } from './use_typing'
import { useUnsent } from './unsent'

const GATHER_MS = 100
const PLACE_MS = 10_000

export function useTalk() {
	const router = useRouter()
	const conversation = shallowRef<Conversation | null>(null)
	const messages = ref<Message[]>([])
	const ready = ref(false)
	const error = shallowRef<ApiError | null>(null)
	const line = ref<LineState>('off')
	const stream = new Stream({ client: my.client, path: '/api/v1/my/stream', eventPath: null })
	const { typer, take, gone, typing } = useTyping(stream)
	let unfollow: (() => void) | null = null
	let reading: Promise<void> | null = null
	let next: Promise<void> | null = null
	let timer = 0

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
			if (failed.status === 401) return toSignIn()
			if (!messages.value.length) error.value = failed
		}).finally(() => { reading = null })
		return reading
	}

	const toSignIn = () => void router.replace({ name: 'sign-in', query: { next: '/talk' } })
	const { unsent, send, drop, flush, restore, rest } = useUnsent(async (one) => {
		const sent = await my.talk(one.text, one.external_id, one.files)
		follow(sent.conversation)
	}, load, toSignIn)
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
		rest()
		window.clearInterval(ahead)
		document.removeEventListener('visibilitychange', shown)
		stream.stop()
	})
	return { conversation, messages, unsent, ready, error, line, seen, typer, typing: () => typing(conversation.value?.id), load, send, drop, flush, rate }
}
