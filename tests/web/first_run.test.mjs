/* The first run: who opens a new server finds a page that founds the company, on a phone and by keyboard alone, and is in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atNewServer, giveFile, tabTo } from './desk.mjs'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'

let browser, server, word
atNewServer((...opened) => { [browser, server, word] = opened })

const LOGO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const url = (path) => server.url + path

async function fill(page, fields) {
	for (const [name, text] of Object.entries(fields)) {
		await tabTo(page, { css: `[name=${name}]` })
		await page.keyboard.type(text)
	}
}

const people = { name: '李华', username: 'lihua', 'new-password': 'a long enough word', again: 'a long enough word' }

test('on a phone: every address leads there, in both languages; a wrong word is said at its field', async () => {
	const { page, close } = await openContext(browser, PHONE)
	await page.goto(url('/customer?sort=-created_at'))
	await page.waitForURL((at) => at.pathname === '/first-run')
	await page.getByLabel('安装口令').waitFor()
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)
	await page.locator('input[name=word]').fill('0000-0000-0000')
	await page.locator('input[name=organization]').fill('北方电器')
	for (const [name, text] of Object.entries(people)) await page.locator(`input[name=${name}]`).fill(text)
	await page.locator('button[type=submit]').click()
	await page.getByText('安装口令不对').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.locator('button[lang=en]').click()
	await page.getByLabel('Word from the server').waitFor()
	assert.equal(await page.locator('input[name=organization]').inputValue(), '北方电器', 'what was typed is still there')
	assert.equal(await isWide(page), false)
	await close()
})

test('by keyboard alone: founded, in, on the next steps; then the log-in is what one finds', async () => {
	const { page, close } = await openContext(browser, DESK)
	await page.goto(url(`/first-run#${word}`))
	await page.getByLabel('安装口令').waitFor()
	assert.equal(new URL(page.url()).hash, '', 'the word stays in the address bar')
	assert.deepEqual(await axe(page), [])
	await fill(page, { organization: '北方服饰', tel: '400-800-5678' })
	await tabTo(page, '选择图片')
	await giveFile(page, { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(LOGO, 'base64') })
	await page.locator('.logo img').waitFor()
	await tabTo(page, '移除')
	await page.keyboard.press('Tab')
	await page.keyboard.press('ArrowDown')
	await fill(page, people)
	await page.keyboard.press('Enter')
	await page.waitForURL((at) => at.pathname === '/steps')
	await page.getByRole('heading', { name: '接下来' }).waitFor()
	assert.deepEqual(await axe(page), [])
	const me = await (await page.request.get(url('/api/v1/session'))).json()
	assert.deepEqual([me.user.name, me.user.account, me.tenant.name, me.tenant.service_phone], ['李华', 'lihua', '北方服饰', '400-800-5678'])
	const logo = await page.request.get(url('/api/v1/company/logo'))
	assert.deepEqual([logo.status(), logo.headers()['content-type']], [200, 'image/png'])
	await page.locator('nav .logo img').waitFor()
	const packs = await (await page.request.get(url('/api/v1/pack'))).json()
	assert.equal(packs.items.find((one) => one.active).name, 'retail')
	await tabTo(page, await page.locator('ol a').first().textContent().then((text) => text.trim()))
	await page.keyboard.press('Enter')
	await page.waitForURL((at) => at.pathname === '/company')
	await page.getByLabel('企业名称').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByLabel('服务电话').fill('10086')
	await page.locator('main button[type=submit]').click()
	await page.getByText('已保存').first().waitFor()

	await page.context().clearCookies()
	await page.goto(url('/first-run'))
	await page.waitForURL((at) => at.pathname === '/login')
	await page.locator('input[name=username]').fill('lihua')
	await page.locator('input[name=password]').fill('a long enough word')
	await page.keyboard.press('Enter')
	await page.waitForURL((at) => at.pathname === '/ticket')
	await close()
})
