/* The variables there are, as the server lists them; asked for once. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { pick, type Label } from '@shared/i18n'
import { client } from '../../app/api'
import { useSession } from '../../app/session'

export interface Variable { name: string; label: Label; sample: Label; personal: boolean }
export interface Example { name: string; name_en: string; purpose: string; text_zh: string; text_en: string }
const all = shallowRef<Variable[]>([])
const packs = shallowRef<Example[]>([])
let asked = false

async function ask() {
	if (asked || !useSession().mayDo('template', 'read')) return
	asked = true
	try {
		const got = await client.get<{ items: Variable[]; examples: Example[] }>('/template/variables')
		all.value = got.items
		packs.value = got.examples
	} catch { asked = false }
}

export function useVariables() {
	void ask()
	return { variables: all, examples: packs }
}

/* What people call each. */
export function variableNames(): ComputedRef<Record<string, string>> {
	void ask()
	return computed(() => Object.fromEntries(all.value.map((v) => [v.name, pick(v.label)])))
}
