/*
 * One condition being edited: its text outside, its tree inside, kept the same by the server, which also says what is wrong and where.
 * What is unfinished or wrong never leaves: `text` is the last that was right.
 */
import { computed, inject, onBeforeUnmount, provide, reactive, ref, type InjectionKey } from 'vue'
import { client } from '../app/api'
import { asApiError } from '@shared/api/error'
import { fromWire, holderOf, isUntouched, newGroup, newRow, toWire, type Checked, type Fault, type Group, type Part, type Row } from './tree'

const CHECK_AFTER_MS = 250

export function useCondition(record: () => string, changed: (text: string) => void) {
	const root = ref<Group>(newGroup())
	const asText = ref(false)
	const written = ref('')                         /* what stands in the box of text */
	const text = ref('')                            /* the last that was right; empty: every row */
	const faults = ref<Fault[]>([])
	const unfinished = ref(0)
	const failed = ref('')
	const checking = ref(false)
	const rowFaults = reactive(new Map<number, string>())
	let timer: ReturnType<typeof setTimeout> | undefined
	let run = 0

	const valid = computed(() => !checking.value && !faults.value.length && !unfinished.value && !failed.value)

	async function ask(body: { text?: string; tree?: unknown }): Promise<Checked | null> {
		const mine = ++run
		failed.value = ''
		try {
			const answer = await client.post<Checked>(`/${record()}/condition/check`, body)
			return mine === run ? answer : null
		} catch (error) {
			if (mine === run) failed.value = asApiError(error).message
			return null
		} finally { if (mine === run) checking.value = false }
	}
	function take(answer: Checked, rows: Row[]) {
		faults.value = answer.faults
		rowFaults.clear()
		for (const f of answer.faults) if (f.atom !== null && rows[f.atom]) rowFaults.set(rows[f.atom].key, f.message)
		if (answer.faults.length || answer.text === null) return
		const next = answer.text === 'true' ? '' : answer.text
		if (next === text.value) return
		text.value = next
		changed(next)
	}

	/* From outside: a tree when it can be read, else the text as it is, to be mended. */
	let reading: Promise<void> = Promise.resolve()
	const read = (value: string) => { reading = readNow(value) }
	const arrived = () => reading
	async function readNow(value: string) {
		clearTimeout(timer)
		text.value = written.value = value
		checking.value = true
		const answer = await ask({ text: value })
		if (!answer) return
		if (answer.tree) root.value = fromWire(answer.tree)
		asText.value = !answer.tree
		unfinished.value = 0
		take(answer, toWire(root.value).rows)
	}

	async function checkTree() {
		const { tree, rows, unfinished: open } = toWire(root.value)
		unfinished.value = open.length
		const answer = await ask({ tree })
		if (answer) take(answer, rows)
	}
	async function checkText() {
		const answer = await ask({ text: written.value })
		if (!answer) return
		if (answer.tree) root.value = fromWire(answer.tree)
		take(answer, toWire(root.value).rows)
	}
	function later() {
		checking.value = true
		clearTimeout(timer)
		timer = setTimeout(() => void (asText.value ? checkText() : checkTree()), CHECK_AFTER_MS)
	}
	/* Whatever waits is done now: for whoever takes the condition away. */
	async function settle() {
		/* First what comes from outside: judged before it is there, the old one would take its place. */
		await reading
		if (!checking.value) return
		clearTimeout(timer)
		await (asText.value ? checkText() : checkTree())
	}

	async function turn() {
		await settle()
		if (asText.value) {
			if (faults.value.some((f) => f.atom === null)) return
			asText.value = false
		} else {
			written.value = text.value
			/* A row without a value has no text: it is gone with the rows. */
			unfinished.value = 0
			asText.value = true
		}
	}

	/* Edits ------------------------------------------------------------------------------------------------------ */
	const set = (part: Part, patch: Partial<Row> & Partial<Group>) => { Object.assign(part, patch); later() }
	function add(group: Group, what: 'row' | 'group'): Part {
		const part = what === 'row' ? newRow() : newGroup(group.join === 'and' ? 'or' : 'and', [newRow()])
		group.items.push(part)
		return part
	}
	function remove(part: Part) {
		const holder = holderOf(root.value, part)
		if (!holder) return
		holder.items.splice(holder.items.findIndex((p) => p.key === part.key), 1)
		later()
	}
	/* Up or down within its group. */
	function move(part: Part, by: -1 | 1) {
		const items = holderOf(root.value, part)?.items ?? []
		const at = items.findIndex((p) => p.key === part.key)
		if (at < 0 || !items[at + by]) return
		items.splice(at + by, 0, ...items.splice(at, 1))
		later()
	}
	/* A fresh row at the end, or the one that already waits there. */
	function fresh(): Row {
		const end = root.value.items.at(-1)
		if (end?.kind === 'row' && isUntouched(end)) return end
		return add(root.value, 'row') as Row
	}
	onBeforeUnmount(() => { clearTimeout(timer); run++ })

	const editing = { record, root, asText, written, text, faults, rowFaults, unfinished, failed, checking, valid, read, arrived, later, settle, turn, set, add, remove, move, fresh }
	provide(key, editing)
	return editing
}

export type Editing = ReturnType<typeof useCondition>
const key: InjectionKey<Editing> = Symbol('condition')
export const useEditing = (): Editing => inject(key)!
