/* Choices of a custom field as they are written: a value that rows keep, and its words. Values are given here; nobody needs to see them. */
export interface ChoiceRow { value: string; zh: string; en: string; retired?: boolean }

export function withValues(rows: ChoiceRow[]): ChoiceRow[] {
	const taken = new Set(rows.map((r) => r.value))
	let next = 1
	return rows.map((r) => {
		if (r.value) return r
		while (taken.has(`c${next}`)) next++
		taken.add(`c${next}`)
		return { ...r, value: `c${next}` }
	})
}

/* What many companies ask for, to begin with. */
export const examples: Record<string, { object: string; kind: string; name: string; name_en: string; hint?: string; hint_en?: string; choices?: ChoiceRow[] }> = {
	floor: { object: 'ticket', kind: 'number', name: '楼层', name_en: 'Floor', hint: '没有电梯时，师傅要带助手', hint_en: 'Without a lift the technician brings a helper' },
	door: { object: 'device', kind: 'choice', name: '开门方向', name_en: 'Door side', choices: [{ value: '', zh: '左开门', en: 'Opens left' }, { value: '', zh: '右开门', en: 'Opens right' }] },
	contract: { object: 'customer', kind: 'day', name: '合同到期日', name_en: 'Contract ends on' },
}
