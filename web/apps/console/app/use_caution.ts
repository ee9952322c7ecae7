/*
 * Words that the company forbids, told before they are sent to a customer. Whoever reads it may send them all the same; when the server cannot be
 * asked, nothing is held up.
 */
import { shallowRef } from 'vue'
import { client } from './api'
import { useSession } from './session'

export interface Caution { kind: string; words: string; fatal: boolean }

export function useCaution() {
	const session = useSession()
	const found = shallowRef<Caution[]>([])
	let asked = ''
	let accepted = ''
	/* Whether a text may go: nothing is wrong with it, or its writer has read what is. */
	async function allows(text: string, isPublic: boolean): Promise<boolean> {
		found.value = []
		asked = text
		if (!isPublic || !text || text === accepted || !session.may('quality.own')) return true
		try { found.value = (await client.post<{ items: Caution[] }>('/quality_text', { text })).items } catch { return true }
		return !found.value.length
	}
	/* What was asked about; words written since are asked about anew. */
	function accept(): void {
		accepted = asked
		found.value = []
	}
	return { found, allows, accept, drop: () => { found.value = [] }, sent: () => { accepted = '' } }
}
