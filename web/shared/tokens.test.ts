// @vitest-environment node
/*
 * Recomputes WCAG 2.2 contrast of every colour token in tokens.css, in both themes, over every ground a text
 * may stand on. Text needs 4.5, edges of controls and the focus ring need 3.0.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { contrast } from './format/colour'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

function tokens(theme: 'light' | 'dark'): Record<string, string> {
	const start = css.indexOf(theme === 'light' ? ':root, [data-theme="light"]' : '\n[data-theme="dark"]')
	const block = css.slice(start, css.indexOf('\n}', start))
	return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})/g)].map((m) => [m[1], m[2]]))
}

const grounds = ['canvas', 'surface', 'sunken', 'hover', 'brand-tint', 'brand-wash']
const texts = ['ink-1', 'ink-2', 'ink-3', 'brand', 'fine', 'soon', 'breach', 'ch-wechat', 'ch-wecom', 'ch-app',
	'ch-web', 'ch-phone', 'ch-mail', 'ch-sms', 'ch-outlet']
const ownTint: Record<string, string> = { fine: 'fine-tint', soon: 'soon-tint', breach: 'breach-tint' }

/* The lowest values that the design states; a colour may become better, never worse. */
const stated = {
	light: { 'ink-1': 14.08, 'ink-2': 6.96, 'ink-3': 4.6, brand: 5.63, fine: 4.89, soon: 5.1, breach: 5.56 },
	dark: { 'ink-1': 11.2, 'ink-2': 7.31, 'ink-3': 4.77, brand: 5.91, fine: 5.8, soon: 6.44, breach: 5.47 },
}

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
	const t = tokens(theme)

	it('has every token of the other theme', () => {
		expect(Object.keys(t).sort()).toEqual(Object.keys(tokens(theme === 'light' ? 'dark' : 'light'))
			.filter((k) => k !== 'shadow-edge').sort().concat(theme === 'dark' ? ['shadow-edge'] : []).sort())
	})

	it.each(texts)('%s reads on every ground', (name) => {
		for (const ground of [...grounds, ...(ownTint[name] ? [ownTint[name]] : [])])
			expect(contrast(t[name], t[ground]), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
	})

	it.each(Object.entries(stated[theme]))('%s keeps its stated minimum', (name, least) => {
		const all = [...grounds, ...(ownTint[name] ? [ownTint[name]] : [])].map((g) => contrast(t[name], t[g]))
		expect(Math.min(...all)).toBeGreaterThanOrEqual(least - 0.01)
	})

	it.each([['on-brand', 'brand'], ['on-breach', 'breach'], ['on-brand', 'brand-hover'], ['on-brand', 'brand-press'],
		['rail-ink', 'rail'], ['rail-on', 'rail'], ['rail-on', 'rail-hover'], ['rail-ink', 'rail-hover'],
		['water-label', 'water']])('%s reads on %s', (text, ground) => {
		expect(contrast(t[text], t[ground])).toBeGreaterThanOrEqual(4.5)
	})

	it.each(['control', 'focus', 'soon-mark'])('%s is seen on surface and canvas', (name) => {
		expect(contrast(t[name], t.surface)).toBeGreaterThanOrEqual(3)
		expect(contrast(t[name], t.canvas)).toBeGreaterThanOrEqual(3)
	})
})

it('no page names a variable that does not exist', () => {
	const root = fileURLToPath(new URL('..', import.meta.url))
	const files = ['apps', 'shared'].flatMap((folder) => readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|css|ts)$/.test(name) && !name.includes('node_modules')).map((name) => readFileSync(`${root}/${folder}/${name}`, 'utf8')))
	const made = new Set(files.flatMap((text) => [...text.matchAll(/(--[a-z0-9-]+)['"]?\s*:/g)].map((m) => m[1])))
	const named = new Set(files.flatMap((text) => [...text.matchAll(/var\((--[a-z0-9-]+)[,)]/g)].map((m) => m[1])))
	expect([...named].filter((name) => !made.has(name))).toEqual([])
})
