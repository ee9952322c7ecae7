/* Moves in words, as a list of them tells: which lead away from a state, which are found by what somebody types, what each asks for. */
import { computed, ref } from 'vue'
import { pick, t } from '@shared/i18n'
import type { FlowAction, FlowMeta } from '@shared/api/types'
import { useSession } from '../../app/session'
import { placesOf } from './draft'

/* all: those that stand in the list, where that is more than the flow has; chosen: the state that they are to lead away from, '' for all. */
export function useMoves<T extends FlowAction>(flow: () => FlowMeta | undefined, all: () => T[], chosen: () => string) {
	const session = useSession()
	const words = ref('')
	const names = computed(() => new Map((flow() ? placesOf(flow()!) : []).map((p) => [p.value, pick(p.label) || t('flow.unnamed')])))
	const nameOf = (place: string) => names.value.get(place) ?? place
	const fieldName = (name: string) => pick(session.field(flow()?.name ?? '', name)?.label) || name
	const meaning = computed(() => flow()?.stages?.find((s) => s.value === chosen())?.state)
	const leaves = (m: FlowAction) => m.from.includes(chosen()) || (!m.own && meaning.value !== undefined && m.from.includes(meaning.value) && !m.not_from?.includes(chosen()))
	const found = (m: FlowAction, typed: string) => `${m.label.zh} ${m.label.en} ${m.from.map(nameOf).join(' ')} ${m.to ? nameOf(m.to) : ''}`.toLowerCase().includes(typed)
	const shown = computed(() => {
		const typed = words.value.trim().toLowerCase()
		return all().filter((m) => (!chosen() || leaves(m)) && found(m, typed))
	})
	const fromText = (m: FlowAction) => m.from.map(nameOf).join(t('word.separator'))
	const toText = (m: FlowAction) => (m.to ? nameOf(m.to) : t('flow.same'))
	const asks = (m: FlowAction) => [
		...(m.guard ? [pick(m.guard)] : []), ...(m.reason === 'required' ? [t('flow.reason')] : []), ...(m.needs?.length ? [t('flow.needs_fields', { fields: m.needs.map(fieldName).join(t('word.separator')) })] : []),
		...(m.roles?.length ? [t('flow.some_roles', { n: m.roles.length })] : []), ...(m.condition ? [t('flow.has_condition')] : []), ...(m.confirm ? [t('flow.asks')] : []),
	]
	const title = computed(() => (chosen() ? t('flow.moves_from', { state: nameOf(chosen()) }) : t('flow.moves')))
	return { words, shown, title, fromText, toText, asks }
}
