/* The condition of a list as what must hold at once, each in words, and the way to drop one. The words are asked of the server, as the
   condition is a text; while they are on their way the old ones stay. */
import { computed, ref, shallowRef, watch } from 'vue'
import { client } from '../app/api'
import { useSession } from '../app/session'
import { titleOf } from '../record/title'
import { conjuncts, fromWire, joined, type Checked, type Wire } from '../condition/tree'
import { idsIn, wireWords } from '../condition/describe'
import type { List } from './use_list'

export function useChips(list: List, record: string) {
	const session = useSession()
	const parts = shallowRef<Wire[]>([])
	const titles = ref(new Map<string, string>())
	const asked = new Set<string>()
	let run = 0

	const describe = () => ({ record, recordOf: session.record, when: session.when, titles: titles.value })
	const words = computed(() => parts.value.map((p) => wireWords(p, describe())))

	async function textOf(items: Wire[]): Promise<string> {
		const { text } = await client.post<Checked>(`/${record}/condition/check`, { tree: joined(items) })
		return text === 'true' || text === null ? '' : text
	}
	async function drop(at: number): Promise<void> {
		list.setCondition(await textOf(parts.value.filter((_, i) => i !== at)))
	}
	async function nameOf(to: string, id: string) {
		const key = `${to}:${id}`
		if (asked.has(key)) return
		asked.add(key)
		try { titles.value.set(key, titleOf(await client.one(to, id))) } catch { /* the id itself is shown */ }
	}
	watch(() => list.condition.value, async (text) => {
		const mine = ++run
		if (!text) { parts.value = []; return }
		const answer = await client.post<Checked>(`/${record}/condition/check`, { text }).catch(() => null)
		if (mine !== run) return
		parts.value = answer?.tree ? conjuncts(answer.tree) : []
		for (const p of parts.value) for (const { to, id } of idsIn(fromWire(p), describe())) void nameOf(to, id)
	}, { immediate: true })

	return { parts, words, drop, textOf }
}

export type Chips = ReturnType<typeof useChips>
