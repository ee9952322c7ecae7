/* What a new queue begins with. The calendar is named by its code: each company has its own row of it. */
export const examples: Record<string, { calendar: string; place: number }> = {
	night: { calendar: 'chat_hours', place: 10 },
}
