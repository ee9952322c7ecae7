/* Targets as people write them, kept in minutes. */
export interface Step { percent: number; to: string }
export const RECEIVERS = ['owner', 'team', 'supervisor'] as const
export const UNITS = { min: 1, h: 60, d: 1440 } as const
export type Unit = keyof typeof UNITS

/* The largest unit that fits; days only of natural time, where a day has 24 hours. */
export function unitOf(minutes: number, natural: boolean): Unit {
	if (natural && minutes >= 1440 * 3 && minutes % 1440 === 0) return 'd'
	return minutes >= 60 && minutes % 60 === 0 ? 'h' : 'min'
}
export const amountOf = (minutes: number, unit: Unit) => minutes / UNITS[unit]
export const minutesOf = (amount: number, unit: Unit) => Math.max(1, Math.round(amount * UNITS[unit]))
