/* What made a rule act, in words: an event of its object ("ticket.created"), or time. */
import { pick } from '@shared/i18n'
import type { EventWord } from '../../action/kinds'
import { useSession } from '../../app/session'

export const timeText = () => pick(useSession().field('rule', 'cause')?.choices?.find((c) => c.value === 'time')?.label)

export function eventText(kind: string, events: EventWord[]): string {
	return kind === 'time' ? timeText() : pick(events.find((e) => kind.endsWith(`.${e.name}`))?.label) || kind
}
