/* The first run by keyboard alone, on a server that nobody has used yet. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atNewServer, giveFile } from './desk.mjs'
import { keysOf } from './keys.mjs'
import { axe, DESK, openContext } from './page.mjs'

let browser, server, word
atNewServer((...opened) => { [browser, server, word] = opened })

const LOGO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const url = (path) => server.url + path
const people = { name: '李华', username: 'lihua', 'new-password': 'a long enough word', again: 'a long enough word' }
async function fill(keys, fields) {
	for (const [name, text] of Object.entries(fields)) await keys.type({ css: `[name=${name}]` }, text)
}

test('founded, in, on the next steps; then the log-in is what one finds', async () => {
	const { page, close } = await openContext(browser, DESK)
	const keys = keysOf(page)
	await page.goto(url(`/first-run#${word}`))
	await page.getByLabel('安装口令').waitFor()
	assert.equal(new URL(page.url()).hash, '', 'the word stays in the address bar')
	assert.deepEqual(await axe(page), [])
	await fill(keys, { organization: '北方服饰', tel: '400-800-5678' })
	await keys.to('选择图片')
	await giveFile(page, { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(LOGO, 'base64') })
	await page.locator('.logo img').waitFor()
	await keys.to('移除')
	await keys.press('Tab', 'ArrowDown')
	await fill(keys, people)
	await keys.press('Enter')
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
	await keys.choose({ css: 'ol a' })
	await page.waitForURL((at) => at.pathname === '/company')
	await page.getByLabel('企业名称').waitFor()
	assert.deepEqual(await axe(page), [])
	await keys.type(/^服务电话/, '10086')
	await keys.press('Control+Enter')
	await page.getByText('已保存').first().waitFor()

	await page.context().clearCookies()
	await page.goto(url('/first-run'))
	await page.waitForURL((at) => at.pathname === '/login')
	await keys.type({ css: 'input[name=username]' }, 'lihua')
	await keys.type({ css: 'input[name=password]' }, 'a long enough word')
	await keys.press('Enter')
	await page.waitForURL((at) => at.pathname === '/ticket')
	await close()
})
