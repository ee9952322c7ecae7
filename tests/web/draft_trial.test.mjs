/* A draft is tried before it is published: from its own page to the trials, by a few questions and by a set, with what gets better and worse. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { api, at } from './staff.mjs'

let page
const stamp = String(Date.now() % 1_000_000)
atDesk((opened) => { page = opened })
const code = `K-${stamp}`
const words = `铁鸡窝打呼噜${stamp}`
const button = (name) => page.getByRole('button', { name, exact: true })
const region = (name) => page.getByRole('region', { name })
const trials = async () => (await api('GET', '/evaluation?limit=20&sort=-created_at')).items
/* Learning takes a while with sanitizers. */
async function done(n) {
	for (let more = 12; ; more--) try { return await until(async () => (await trials()).filter((one) => one.article_id && one.state !== 'running').length === n, 'a trial ends') } catch (error) { if (!more) throw error }
}

test('from the page of a draft to the trials, with the draft chosen', async () => {
	await api('POST', '/article', { code, title_zh: '冰箱的香薰盒怎么换', body_zh: '抽出旧盒，推入新盒。', product: 'fridge' })
	await api('POST', '/phrasing', { article: code, text: words })
	await page.goto(at(`/knowledge/${code}`))
	await button('发布前试用').click()
	await page.waitForURL('**/knowledge/evaluation?draft=*')
	await region('发布前试用草稿').getByLabel('要试用的草稿').getByText(code).waitFor({ state: 'attached' })
	assert.equal(await page.getByLabel('要试用的草稿').evaluate((select) => select.selectedOptions[0].textContent.trim()), `${code} 冰箱的香薰盒怎么换`)
	assert.deepEqual(await axe(page), [])
})

test('a few questions are asked, and it is shown what would get better', async () => {
	await page.getByLabel('或直接输入几个问题，每行一个').fill(`${words}\n\n冰箱的香薰盒怎么换\n${words}`)
	await button('试答').click()
	await done(1)
	const result = region(/^试用结果/)
	await result.getByText(/^变好 [12] 题，变差 0 题/).waitFor()
	await result.getByRole('row', { name: new RegExp(`${words}.*变好`) }).waitFor()
	await result.getByRole('row', { name: /首选正确.*100\.0%/ }).waitFor()
	await page.getByText(`试用草稿：${code}`).first().waitFor()
	assert.equal(await page.getByRole('combobox', { name: '题集', exact: true }).evaluate((select) => select.selectedOptions[0].textContent), `试用 ${code}`)
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
	await page.setViewportSize({ width: 1440, height: 900 })
})

test('a draft is tried by a set as well, and what is no draft any more says so', async () => {
	await button('用所选题集试用').click()
	await done(2)
	await region(/^试用结果/).getByText(/^变好 \d/).waitFor()
	const row = (await api('GET', `/knowledge/entry/${code}`)).row
	await api('POST', `/article/${row.id}/archive`, { version: row.version })
	await page.reload()
	const which = page.getByLabel('要试用的草稿')
	await region('发布前试用草稿').getByText(/^没有可以试用的草稿/).or(which).first().waitFor()
	if (await which.count()) assert.equal(await which.inputValue(), '')
})
