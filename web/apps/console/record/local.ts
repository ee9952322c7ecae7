/* Between UTC ms and the text of a datetime-local input, in the zone of the company. */
export function toLocal(ms: number | null | undefined, zone: string): string {
	if (!ms) return ''
	const text = new Intl.DateTimeFormat('sv-SE', {
		timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
	}).format(ms)
	return text.replace(' ', 'T')
}

/* null when empty or no time. The offset is taken at the instant itself, so summer time is right but for its gap. */
export function fromLocal(text: string, zone: string): number | null {
	if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return null
	const naive = Date.parse(`${text}:00Z`)
	if (Number.isNaN(naive)) return null
	const shown = Date.parse(`${toLocal(naive, zone)}:00Z`)
	const guess = naive - (shown - naive)
	const again = Date.parse(`${toLocal(guess, zone)}:00Z`)
	return guess - (again - naive)
}
