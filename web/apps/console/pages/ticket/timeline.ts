/*
 * The timeline of a ticket: what people said, noted and changed, newest first. An entry's words come from the server;
 * where only a kind and changed fields are given, they are said here.
 */
import { has, pick, t, type Label } from '@shared/i18n'
import type { ActorKind } from '@shared/api/types'
import { joinText, moneyText, NONE } from '@shared/format/text'
import type { When } from '@shared/format/time'
import type { IconName } from '@shared/icons/paths'
import { useSession } from '../../app/session'
import { measureText } from '../../clock/clock'
import { changedText, type HistoryTitles } from '../../record/fields'

export interface Entry {
	no: number
	at: number
	kind: string
	actor: { kind: ActorKind; id?: string; name?: string }
	text: string | null
	/* Of changes: `{"fields":["state"]}` and what else the event carries. */
	data: Record<string, unknown>
	file_ids: string[]
	/* Colleagues whom it is about by name: of a remark those it names. */
	named?: { id: string; name: string | null }[]
}

/* Follow from the move itself and say nothing more. */
const quiet = new Set(['first_response_at', 'solved_at', 'closed_at', 'reminded_at', 'rated_at', 'remind_count', 'reopen_count', 'plan_round', 'updated_at'])

/* Who: by name where there is one; of somebody who wrote it in another system that comes along. */
export function whoOf(e: Entry): string {
	if (e.actor.kind === 'former' && e.actor.name) return t('actor.former_name', { name: e.actor.name })
	return e.actor.name || (has(`actor.${e.actor.kind}`) ? t(`actor.${e.actor.kind}`) : e.actor.kind)
}

export type Tab = 'all' | 'talk' | 'internal' | 'change'

export function isInternal(e: Entry): boolean {
	return e.kind === 'ticket.noted'
}

export function isTalk(e: Entry): boolean {
	return e.kind === 'ticket.commented'
}

const icons: Record<string, IconName> = {
	created: 'plus', reported: 'plus', assign: 'person', assigned: 'person', remind: 'bell', reminded: 'bell', resolve: 'check',
	resolved: 'check', close: 'check', closed: 'check', confirm: 'check', reopen: 'undo', unsolved: 'undo', wait: 'pause', cancel: 'stop',
	linked: 'link', unlinked: 'link', clock_soon: 'clock', plan: 'note', compensation_proposed: 'gift', compensation_revised: 'gift', compensation_approved: 'gift', compensation_declined: 'gift', compensation_withdrawn: 'gift', compensation_granted: 'gift', clock_breached: 'warn', clock_escalated: 'up', grade: 'up', contact: 'phone', rate: 'star', rated: 'star', file: 'attach', fact: 'note', answer: 'note', accept: 'check', start: 'wrench',
}

const verb = (e: Entry) => e.kind.slice(e.kind.indexOf('.') + 1)

export function iconOf(e: Entry): IconName {
	if (isInternal(e)) return 'note'
	return icons[verb(e)] ?? 'edit'
}

const moveText = (name: string, was: Label) => pick(useSession().flow('ticket')?.actions.find((a) => a.name === name)?.label ?? was)

/* What happened, in words, for entries that nobody wrote. */
export function wordsOf(e: Entry): string {
	if (e.data.move && e.data.label) return moveText(e.data.move as string, e.data.label as Label) // a move of the company's own: as it is called now, or as it was
	const name = verb(e) === 'created' && e.actor.kind === 'customer' ? 'reported' : verb(e)
	const label = useSession().flow('ticket')?.actions.find((a) => a.name === name)?.label
	if (label) return pick(label)
	/* Clocks tell their measure by code and how much of the time is used. */
	const told = { measure: measureText(String(e.data.measure ?? '')), percent: Number(e.data.percent ?? 0), no: String(e.data.no ?? ''), names: joinText((e.named ?? []).map((one) => one.name ?? NONE), useSession().when.lang), link: e.data.link_id ? t(`link.${String(e.data.kind)}_${String(e.data.way)}`) : '' }
	return has(`event.${name}`) ? t(`event.${name}`, told) : name
}

/* Which plan of compensation it is about, and what that comes to. */
export function planOf(e: Entry): string {
	return typeof e.data.total_fen === 'number' ? `${String(e.data.no)} ${moneyText(e.data.total_fen)}` : ''
}

/* What an entry changed, from the history row of the same instant: events name fields, history holds values. */
export interface Change { at: number; reason?: string; titles?: HistoryTitles; fields: Record<string, [unknown, unknown]> }

/* Tags are said by what came and what went. */
function tagChanges([before, after]: [string[] | null, string[] | null], when: When) {
	const came = (after ?? []).filter((name) => !before?.includes(name)), went = (before ?? []).filter((name) => !after?.includes(name))
	return [{ label: t('tag.put_on'), names: came }, { label: t('tag.taken_off'), names: went }].filter((c) => c.names.length).map((c) => ({ label: c.label, before: '', after: joinText(c.names, when.lang) }))
}

export function changesOf(change: Change | undefined, when: When): { label: string; before: string; after: string }[] {
	const session = useSession()
	return Object.entries(change?.fields ?? {}).filter(([name]) => !quiet.has(name)).flatMap(([name, pair]) => {
		const field = session.field('ticket', name)
		if (!field || !Array.isArray(pair) || pair.length !== 2) return []
		if (field.type === 'tags') return tagChanges(pair as [string[] | null, string[] | null], when)
		const text = (value: unknown) => changedText(field, value, change?.titles, when)
		return [{ label: pick(field.label), before: text(pair[0]), after: text(pair[1]) }]
	})
}
