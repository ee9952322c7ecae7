import { expect, it } from 'vitest'
import { plots, type HealthDay } from './health'

const day = (n: number, more: Partial<HealthDay> = {}): HealthDay => ({ at: n * 86400000, backup_hours: 4, free_mb: 900, behind: 0, warned: 0, failed: 0, ...more })

it('a day that was not kept is a gap, and what warned or was bad is counted together', () => {
	const [backup, disk, , wrong] = plots([day(1, { backup_hours: null, warned: 1, failed: 2 }), day(3, { free_mb: 700 })])
	expect(backup).toMatchObject({ values: [null, null, 4], low: 4, high: 4, last: 4 })
	expect(disk).toMatchObject({ values: [900, null, 700], low: 700, high: 900, last: 700 })
	expect(wrong.values).toEqual([3, null, 0])
})
it('without a day there is nothing to draw', () => expect(plots([]).map((p) => [p.values.length, p.last])).toEqual([[0, null], [0, null], [0, null], [0, null]]))
