// @vitest-environment node
/* Both languages complete, same variables, every key that code asks for exists, no text outside the tables. */
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faults, flatten, unreadable, usedKeys } from './check'
import sharedZh from './zh-CN'
import sharedEn from './en'
import type { Messages } from './index'

const web = fileURLToPath(new URL('../..', import.meta.url))

function sources(folder: string): string[] {
	if (!existsSync(folder)) return []
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((f) => f.isFile() && /\.(vue|ts)$/.test(f.name) && !f.name.endsWith('.test.ts') && !f.parentPath.includes('i18n'))
		.map((f) => join(f.parentPath, f.name))
}

async function texts(app: string): Promise<{ zh: Messages; en: Messages }> {
	const folder = join(web, 'apps', app, 'i18n')
	if (!existsSync(folder)) return { zh: {}, en: {} }
	const [zh, en] = await Promise.all([import(join(folder, 'zh-CN.ts')), import(join(folder, 'en.ts'))])
	return { zh: zh.default, en: en.default }
}

describe('shared texts', () => {
	it('are complete in both languages', () => {
		expect(faults(sharedZh, sharedEn)).toEqual([])
		expect([...unreadable(sharedZh), ...unreadable(sharedEn)]).toEqual([])
	})
	it('find what is missing', () => {
		expect(faults({ a: '甲 {n}' }, { a: 'A', b: 'B' })).toEqual(['a: variables differ', 'b: no Chinese text'])
		expect(unreadable({ a: '用 @ 提到', b: { c: '用 {\'@\'} 提到 {n}' } })).toEqual(['a'])
	})
})

describe.each(['console', 'mobile'])('%s', (app) => {
	it('has both languages complete', async () => {
		const { zh, en } = await texts(app)
		expect(faults(zh, en)).toEqual([])
		expect([...unreadable(zh), ...unreadable(en)]).toEqual([])
	})
	it('has a text for every key the code asks for', async () => {
		const { zh } = await texts(app)
		const known = new Set([...flatten(sharedZh).keys(), ...flatten(zh).keys()])
		const missing: string[] = []
		for (const file of [...sources(join(web, 'shared')), ...sources(join(web, 'apps', app))])
			for (const key of usedKeys(readFileSync(file, 'utf8')))
				if (!known.has(key)) missing.push(`${file.slice(web.length)}: ${key}`)
		expect(missing).toEqual([])
	})
	it('keeps Chinese out of the pages', () => {
		const found = sources(join(web, 'apps', app)).filter((file) => {
			const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|\/\/.*$/gm, '')
			return /[\u4e00-\u9fff]/.test(code.replace(/\[\\u4e00-\\u9fff\]/g, ''))
		})
		expect(found.map((f) => f.slice(web.length))).toEqual([])
	})
})
