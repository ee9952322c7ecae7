/* What a conversation by e-mail has beside its messages: subject, sender, what the mail quotes. */
import { shallowRef } from 'vue'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'

export interface Letter { no: number; kind: 'person' | 'machine' | 'quiet'; verdict: 'pass' | 'fail' | 'none'; subject: string; from: string; quoted: string }

export function useLetters(id: string, channel: () => string) {
	const letters = shallowRef<Letter[]>([])
	async function load(): Promise<void> {
		if (channel() !== 'mail') return
		try { letters.value = (await client.get<{ letters: Letter[] }>(`/conversation/${id}/mail`)).letters } catch (error) { toastError(error) }
	}
	const letterOf = (no: number): Letter | undefined => letters.value.find((l) => l.no === no)
	return { load, letterOf }
}
