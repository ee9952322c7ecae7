/* What a conversation by e-mail has beside its messages: subject, sender, what the mail quotes. */
import { shallowRef } from 'vue'
import { toastError } from '@shared/blocks/toast'
import { client } from '../../app/api'
import { useAsked } from '../../app/use_asked'

export interface Letter { no: number; kind: 'person' | 'machine' | 'quiet'; verdict: 'pass' | 'fail' | 'none'; subject: string; from: string; quoted: string }

export function useLetters(id: string, channel: () => string) {
	const letters = shallowRef<Letter[]>([])
	const asked = useAsked(0, () => client.get<{ letters: Letter[] }>(`/conversation/${id}/mail`), (answer) => { letters.value = answer.letters }, toastError)
	const load = async () => { if (channel() === 'mail') await asked.now() }
	const letterOf = (no: number): Letter | undefined => letters.value.find((l) => l.no === no)
	return { load, letterOf }
}
