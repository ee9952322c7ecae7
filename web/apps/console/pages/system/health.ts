/* How the system was, day by day: four lines of numbers. */
export interface HealthDay { at: number; backup_hours: number | null; free_mb: number | null; behind: number; warned: number; failed: number }
export interface Plot { name: string; unit: 'hours' | 'megabytes' | 'events' | 'looks'; values: (number | null)[]; low: number; high: number; last: number | null }

const lines: { name: string; unit: Plot['unit']; of: (d: HealthDay) => number | null }[] = [
	{ name: 'backup_hours', unit: 'hours', of: (d) => d.backup_hours },
	{ name: 'free_mb', unit: 'megabytes', of: (d) => d.free_mb },
	{ name: 'behind', unit: 'events', of: (d) => d.behind },
	{ name: 'wrong', unit: 'looks', of: (d) => d.warned + d.failed },
]
const DAY = 86400000

/* A value a day from the first to the last; a day that was not kept is a gap. */
export function plots(days: HealthDay[]): Plot[] {
	const first = days[0]?.at ?? 0, amount = days.length ? Math.round((days.at(-1)!.at - first) / DAY) + 1 : 0
	return lines.map(({ name, unit, of }) => {
		const values = Array<number | null>(amount).fill(null)
		for (const d of days) values[Math.round((d.at - first) / DAY)] = of(d)
		const known = values.filter((v) => v !== null)
		return { name, unit, values, low: known.length ? Math.min(...known) : 0, high: known.length ? Math.max(...known) : 0, last: values.at(-1) ?? null }
	})
}
