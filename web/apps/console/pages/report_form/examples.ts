/* Forms to start from; names of their questions are texts, forms.name_… by code, kept in both languages. A scene that a pack has not is left out. */
import type { Label } from '@shared/i18n'
import type { Draft, Said } from './draft'

export const examples: Record<string, Draft> = {
	short: { scenes: [{ name: 'repair', text: 'optional', proof: 'none', times: 'none' }, { name: 'value_added', off: true }, { name: 'remote', off: true }], symptoms: {} },
	visit: {
		scenes: [{ name: 'repair', device: 'required', times: 'required', fields: [{ name: 'address', required: true }, { name: 'o_floor', type: 'choice', required: true, choices: [{ value: 'o_low' }, { value: 'o_lift' }, { value: 'o_stairs' }] }] }],
		symptoms: {},
	},
	proof: { scenes: [{ name: 'repair', proof: 'required' }, { name: 'return', proof: 'required', text: 'required' }], symptoms: {} },
}

function named(entries: Said[], text: (key: string) => Label): Said[] {
	return entries.map((e) => {
		const code = String(e.name ?? e.value)
		return {
			...e, ...(code.startsWith('o_') ? { label: text(`forms.name_${code}`) } : null),
			...(e.fields ? { fields: named(e.fields as Said[], text) } : null), ...(e.choices ? { choices: named(e.choices as Said[], text) } : null),
		}
	})
}

/* Of the scenes and questions that there are. */
export function exampleDraft(name: string, scenes: { name: string; fields: { name: string }[] }[], text: (key: string) => Label): Draft {
	const { scenes: said, symptoms } = JSON.parse(JSON.stringify(examples[name])) as Draft
	const kept = named(said, text).filter((s) => scenes.some((b) => b.name === s.name))
	return { symptoms, scenes: kept }
}
