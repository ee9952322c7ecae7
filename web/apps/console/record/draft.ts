/* Drafts of long forms, for this tab only: what somebody typed about a customer must not stay on a shared computer. */
export function draft(record: string): Record<string, unknown> | null {
	try { return JSON.parse(sessionStorage.getItem(`anxin.draft.${record}`) ?? 'null') as Record<string, unknown> | null } catch { return null }
}

export function keepDraft(record: string, values: Record<string, unknown>): void {
	try { sessionStorage.setItem(`anxin.draft.${record}`, JSON.stringify(values)) } catch { /* full or refused: no draft */ }
}

export function dropDraft(record: string): void {
	try { sessionStorage.removeItem(`anxin.draft.${record}`) } catch { /* nothing kept */ }
}
