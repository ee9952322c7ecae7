/* Policies to start from; their names are texts. */
import type { Step } from './policy'

interface Example { measure: string; condition: string; target_minutes: number; soon_percent: number; ladder: Step[] }

const usual: Step[] = [{ percent: 75, to: 'owner' }, { percent: 100, to: 'supervisor' }]

export const examples: Record<string, Example> = {
	vip: { measure: 'first_response', condition: 'customer.level = vip', target_minutes: 30, soon_percent: 50, ladder: usual },
	complaint: { measure: 'solution', condition: 'scene = complaint', target_minutes: 4320, soon_percent: 75, ladder: usual },
	install: { measure: 'solution', condition: 'scene = installation', target_minutes: 1440, soon_percent: 75, ladder: [...usual, { percent: 150, to: 'team' }] },
}
