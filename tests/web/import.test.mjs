/* A spreadsheet with dirt: the dry run names every bad cell, the run takes the good rows and leaves the bad ones out. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
const good = [`甲${stamp}`, `乙${stamp}`]
const SHEET = [
	'姓名,手机号',
	`${good[0]},198${stamp}01`,
	`坏号码,12345`,
	`,198${stamp}03`,
	`${good[1]},１９８${stamp}０４`, // full-width digits are cleaned, not refused
].join('\r\n')

test('import with errors', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at('/import'))
	await page.locator('select').first().selectOption('customer')
	const chooser = page.waitForEvent('filechooser')
	await page.locator('.drop button').first().click()
	await (await chooser).setFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${SHEET}`) })
	await page.locator('form button[type=submit]:not([disabled])').click()
	await page.waitForURL(/\/import\/\d+/)

	await page.getByRole('button', { name: '试运行' }).or(page.getByRole('button', { name: '检查' })).first().click()
	const bad = page.locator('section.card', { hasText: '要改的地方' }).locator('tbody tr')
	await bad.first().waitFor()
	const rows = await bad.allInnerTexts()
	assert.equal(rows.some((row) => row.includes('号码位数不对') && row.includes('手机')), true, rows.join('\n'))
	assert.equal(rows.length, 2, rows.join('\n'))

	await page.locator('footer .primary').click()
	await page.getByRole('link', { name: '列表' }).or(page.locator('a[href="/customer"]')).last().waitFor()
	const { items } = await api('GET', '/customer?sort=-created_at&limit=20')
	const names = items.map((one) => one.name)
	assert.equal(names.some((name) => name?.startsWith('坏')), false)
	await desk.close()
})
