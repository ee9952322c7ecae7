/* The first run: who opens a new server finds a page that founds the company, in both languages, also on a phone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atNewServer } from './desk.mjs'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'

let browser, server, word
atNewServer((...opened) => { [browser, server, word] = opened })

const url = (path) => server.url + path

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

const LOGO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('a logo that is chosen is shown at once, and in the frame afterwards', async () => {
	const { page, close } = await openContext(browser, DESK)
	await page.goto(url(`/first-run#${word}`))
	await page.locator('input[name=organization]').fill('北方电器')
	assert.equal(await page.locator('.logo img').count(), 0)
	const chosen = page.waitForEvent('filechooser')
	await page.getByRole('button', { name: '选择图片' }).click()
	await (await chosen).setFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(LOGO, 'base64') })
	await page.locator('form .logo img').waitFor()
	for (const [name, text] of Object.entries(people)) await page.locator(`input[name=${name}]`).fill(text)
	await page.locator('button[type=submit]').click()
	await page.waitForURL((at) => at.pathname === '/steps')
	const logo = page.locator('nav a.logo img')
	await logo.waitFor()
	await page.waitForFunction((one) => one.complete && one.naturalWidth > 0, await logo.elementHandle())
	const kept = await page.request.get(url('/api/v1/company/logo'))
	assert.deepEqual([kept.status(), kept.headers()['content-type']], [200, 'image/png'])
	await page.reload()
	await logo.waitFor()
	await close()
})
