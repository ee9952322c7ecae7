/* Words for a customer or a note among colleagues on their way, with files. What is typed survives a cut line and a reload; a message goes out once however
   often it is sent. */
import { computed, nextTick, ref, watch, type Ref } from 'vue'
import { newKey } from '@shared/api/client'
import { asApiError, type ApiError } from '@shared/api/error'
import { useSession } from '../../app/session'
import { useCaution } from '../../app/use_caution'
import { draft, dropDraft, keepDraft } from '../../record/draft'
import { useUploads } from '../../record/use_uploads'
import type { Named } from './mention'
import { useMention } from './use_mention'
import { BEHIND_NO_NUMBER, useSigns, WHERE_A_LINE_BEGINS } from './use_signs'

export type Visibility = 'public' | 'internal' | 'whisper'
interface Written<V> { text: string; visibility: V; file_ids: string[]; user_ids: string[] }
interface Ways<V, T> {
	call: (body: Written<V>, key: string) => Promise<T>
	sent: (got: T) => void
	/* Files need no word. */
	filesAlone?: boolean
	/* The caret is back in the box after each message. */
	stays?: boolean
	/* Articles may be quoted. */
	quotes?: boolean
}

export function useWriting<V extends Visibility, T>(place: string, ways: Ways<V, T>) {
	const session = useSession()
	const kept = draft(place) as { text?: string; visibility?: Visibility; named?: Named[] } | null
	const text = ref(kept?.text ?? '')
	const visibility = ref(kept?.visibility ?? 'public') as Ref<V>
	const busy = ref(false)
	const failed = ref<ApiError | null>(null)
	const area = ref<HTMLTextAreaElement | null>(null)
	const uploads = useUploads('/file')
	const caution = useCaution()
	/* Colleagues whom a note names get a notice; a customer is not told of them. */
	const mayName = computed(() => visibility.value === 'internal' && session.may('user.read'))
	const naming = useMention(text, area, mayName, kept?.named ?? [])
	const mayChoose = computed(() => visibility.value === 'public' && session.mayDo('template', 'read'))
	const signs = useSigns(text, area, [
		{ name: 'template', letters: '/／、', begins: WHERE_A_LINE_BEGINS, may: () => mayChoose.value },
		{ name: 'article', letters: '#＃', begins: BEHIND_NO_NUMBER, may: () => Boolean(ways.quotes) },
	])
	const ready = computed(() => (text.value.trim() !== '' || Boolean(ways.filesAlone && uploads.ids.value.length)) && !uploads.running.value)
	let key = newKey()
	watch([text, visibility, naming.people, uploads.ids], () => {
		key = newKey()
		if (text.value) keepDraft(place, { text: text.value, visibility: visibility.value, named: naming.people.value })
		else dropDraft(place)
	})

	async function start(next: V) {
		visibility.value = next
		await nextTick()
		area.value?.focus()
	}
	async function choose() {
		if (!session.mayDo('template', 'read')) return
		if (visibility.value !== 'public') await start('public' as V)
		signs.open('template')
	}
	function typed(e: Event) {
		caution.drop()
		naming.look()
		signs.typed(e as InputEvent)
	}
	function paste(e: ClipboardEvent) {
		const files = [...(e.clipboardData?.files ?? [])]
		if (files.length) { e.preventDefault(); uploads.add(files) }
	}
	async function send() {
		if (!ready.value || busy.value) return
		busy.value = true
		failed.value = null
		/* What is looked over is what goes; what is written meanwhile stays. */
		const mine = key
		const sentText = text.value
		const body = { text: text.value.trim(), visibility: visibility.value, file_ids: uploads.ids.value, user_ids: mayName.value ? naming.people.value.map((p) => p.id) : [] }
		try {
			if (!await caution.allows(body.text, body.visibility === 'public')) return
			const got = await ways.call(body, mine)
			caution.sent()
			uploads.drop(body.file_ids)
			if (text.value.trim() === body.text) {
				text.value = ''
				naming.clear()
				dropDraft(place)
			} else if (text.value.startsWith(sentText)) text.value = text.value.slice(sentText.length)
			ways.sent(got)
		} catch (error) { failed.value = asApiError(error) } finally { busy.value = false }
		/* Whoever has gone on elsewhere stays there. */
		const now = document.activeElement
		if (ways.stays && (now === document.body || area.value?.form?.contains(now)) && !signs.choosing.value) await start(visibility.value)
	}
	return { text, visibility, busy, failed, area, uploads, caution, mayName, naming, mayChoose, signs, ready, start, choose, typed, paste, send }
}
