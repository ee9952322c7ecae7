/* The page of promises: by key, opened, its parts, and from a figure to the record behind it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('from the key to the record behind a missed promise', async () => {
	const { page, close } = await openContext(browser, DESK)
	await enterConsole(page)
	await page.locator('tbody tr').first().waitFor()
	await page.keyboard.press('g')
	await page.keyboard.press('n')
	await page.waitForURL(/\/promise/)
	await page.locator('tr.row').first().waitFor()
	assert.equal(await page.locator('tr.row').count(), 14)
	await page.getByRole('button', { name: '月', exact: true }).click()
	await page.waitForURL(/period=month/)
	await page.getByRole('button', { name: '闭环率' }).click()
	const drawer = page.getByRole('dialog')
	await drawer.getByRole('button', { name: '渠道' }).click()
	await drawer.locator('.shares tbody tr').first().waitFor()
	await drawer.getByRole('button', { name: /查看 .* 条未达/ }).click()
	await drawer.locator('.behind a').first().click()
	await page.waitForURL(/\/ticket\/\d+/)
	await close()
})
