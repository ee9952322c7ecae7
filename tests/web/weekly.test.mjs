/* The weekly report: looked at as it would come, sent to oneself, found in the list of those sent. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('somebody looks at hers, a week further back, and sends it to herself', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.keyboard.press('Control+k')
	await page.getByRole('combobox').fill('服务周报')
	await page.getByRole('option', { name: /服务周报/ }).first().waitFor()
	await page.keyboard.press('Enter')
	await page.waitForURL(/\/weekly/)
	const shown = await api('GET', '/weekly')
	const mail = page.frameLocator('iframe.mail')
	await mail.getByRole('heading', { name: '承诺达成' }).waitFor()
	assert.match(await mail.locator('body').innerText(), new RegExp(`${shown.from} – ${shown.to}`))
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '前一周' }).click()
	await page.waitForURL(/day=/)
	await page.getByRole('button', { name: '最近一周' }).click()
	await page.waitForURL(/\/weekly$/)
	await page.getByRole('button', { name: '发给我自己' }).click()
	await page.getByText('正在发送到你的邮箱').waitFor()
	await page.getByRole('link', { name: '已发周报' }).click()
	await page.waitForURL(/\/weekly_mail/)
	await page.getByText(`${shown.from} – ${shown.to}`).first().waitFor()
	await desk.close()
})
