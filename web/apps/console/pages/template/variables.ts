/* The variables there are, as the server lists them; asked for once. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { pick, type Label } from '@shared/i18n'
import { client } from '../../app/api'
import { useSession } from '../../app/session'

export interface Variable { name: string; label: Label; sample: Label; personal: boolean }
export interface Example { name: string; name_en: string; purpose: string; text_zh: string; text_en: string }
/* What WeChat's keywords of a type may hold: "thing" of thing1. */
export interface KeywordType { name: string; most: number; label: Label; limit: Label }
const all = shallowRef<Variable[]>([])
const packs = shallowRef<Example[]>([])
const types = shallowRef<KeywordType[]>([])
let asked = false

async function ask() {
	if (asked || !useSession().mayDo('template', 'read')) return
	asked = true
	try {
		const got = await client.get<{ items: Variable[]; examples: Example[]; wechat: KeywordType[] }>('/template/variables')
		all.value = got.items
		packs.value = got.examples
		types.value = got.wechat
	} catch { asked = false }
}

export function useVariables() {
	void ask()
	return { variables: all, examples: packs, types }
}

/* What people call each. */
export function variableNames(): ComputedRef<Record<string, string>> {
	void ask()
	return computed(() => Object.fromEntries(all.value.map((v) => [v.name, pick(v.label)])))
}
