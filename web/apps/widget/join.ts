/* Who has signed in on the phone page of this browser was a visitor before: what she said then becomes hers. Where there is nothing to join, nothing
 * happens; should it fail, the talk stays a visitor's and is joined at the next occasion. */
import { keeper } from './keep'

export async function joinVisit(company: string): Promise<boolean> {
	const kept = keeper(company)
	if (!kept.get().token || !kept.get().begun) return false
	try {
		const answer = await fetch('/api/v1/my/visit', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: kept.get().token }) })
		if (!answer.ok) return false
		const { token } = await answer.json() as { token: string | null }
		if (token) kept.put({ token })
		return true
	} catch {
		return false
	}
}
