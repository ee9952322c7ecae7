/* After a leak: the sheet of whom it is about, made in the console; what is not told enough makes none. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { newNumber } from './customer.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const sheetOf = async (page) => {
	await page.getByRole('button', { name: '导出' }).click()
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
	return readFile(await download.path(), 'utf8')
}

test('whom a leak is about, by condition and by account', async () => {
	const phone = newNumber()
	const person = await api('POST', '/customer', { name: '泄露甲', phone })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.locator('.rail .foot').click()
	await page.getByRole('link', { name: '泄露名单' }).click()
	await page.getByText('填写事件编号和范围后可以导出').waitFor()
	await page.getByLabel('事件编号').fill('INC-7')
	await page.getByRole('button', { name: '改成文字' }).click()
	await page.locator('textarea').fill(`id = ${person.id}`)
	await page.getByRole('status').getByText('1 条', { exact: false }).first().waitFor()
	const sheet = await sheetOf(page)
	assert.ok(sheet.includes(phone) && sheet.includes('泄露甲'), sheet.slice(0, 400))
	assert.equal(sheet.trim().split('\n').length, 2)
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '某个账号看过的原文' }).click()
	await page.getByText('填写事件编号和范围后可以导出').waitFor()
	await page.getByLabel('从').fill('2026-11-02T10:00')
	await page.getByLabel('到').fill('2026-11-01T10:00')
	await page.getByText('结束要晚于开始').waitFor()
	assert.deepEqual(await axe(page), [])
	await desk.close()
})
