/* The weekly report: looked at with the week before, sent to oneself, given to somebody, followed from a promise into what it is made of. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
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
	assert.ok(shown.counts.length)
	for (const k of shown.counts) {
		const tile = await page.locator('.count', { hasText: k.name }).innerText()
		if (k.n !== null) assert.match(tile.replaceAll(',', ''), new RegExp(`(?<!\\d)${k.n}(?!\\d)`))
		if (k.before !== null) assert.ok(tile.replaceAll(',', '').includes(`前一周 ${k.before}`), tile)
	}
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '前一周' }).click()
	await page.waitForURL(/day=/)
	await page.getByRole('button', { name: '最近一周' }).click()
	await page.waitForURL(/\/weekly$/)
	await page.getByRole('button', { name: '发给我自己' }).click()
	await page.getByText('正在发送到你的邮箱').waitFor()
	await page.getByRole('region', { name: '发送', exact: true }).getByText(`${shown.from} – ${shown.to}`).first().waitFor()
	await page.getByRole('link', { name: '全部已发周报' }).click()
	await page.waitForURL(/\/weekly_mail/)
	await page.getByText(`${shown.from} – ${shown.to}`).first().waitFor()
	await desk.close()
})

test('a promise leads to what it is made of; a receiver is added by mouse and shown with her parts', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at('/weekly'))
	const promises = page.getByRole('region', { name: '承诺达成' }).first()
	const link = promises.locator('tbody th a').first()
	const name = await link.innerText()
	await link.click()
	await page.waitForURL(/promise\?period=week&day=.*promise=\d+/)
	await page.getByRole('dialog', { name }).waitFor()
	await page.goBack()

	const sending = page.getByRole('region', { name: '发送', exact: true })
	await sending.getByRole('button', { name: '添加接收人' }).click()
	await page.waitForURL(/\/weekly_receiver\/new/)
	const boss = (await api('GET', '/session')).user
	await page.getByRole('combobox', { name: /接收人/ }).fill(boss.name)
	await page.getByRole('option', { name: boss.name }).first().click()
	await page.locator('form').getByRole('button', { name: '保存' }).click()
	await page.waitForURL(/\/weekly$/)
	await sending.getByRole('link', { name: boss.name }).waitFor()
	await sending.getByText('全部内容').first().waitFor()
	await sending.getByRole('link', { name: '改时间' }).click()
	await page.waitForURL(/\/setting#weekly/)
	await page.getByRole('heading', { name: '服务周报' }).waitFor()
	assert.ok(await page.getByRole('heading', { name: '服务周报' }).evaluate((e) => e.getBoundingClientRect().top < innerHeight))
	await desk.close()
})
