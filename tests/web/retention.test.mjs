/* The page of retention: what is kept how long and by which law; a time is changed after its effect was counted, and taken back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { api, at, enterConsole, enterInEnglish, setSetting } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(async () => {
	await setSetting('keep.customer', null)
	await browser.close()
})

const NAME = 'keep.customer'
const card = (page) => page.getByRole('region', { name: '不再往来的客户' })

test('a time is counted, changed, shown as not yet in force, and taken back', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.locator('.rail .foot').click()
	await page.getByRole('link', { name: '保存期限' }).click()
	await card(page).getByText('电商法第 31 条').first().waitFor()
	await page.getByRole('region', { name: '审计与变更历史' }).getByText('一直保留').waitFor()
	assert.deepEqual(await axe(page), [])
	await card(page).locator('select').selectOption('5_years')
	await card(page).getByRole('button', { name: '保存' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByText('按这个期限，现在没有到期的内容').waitFor()
	assert.deepEqual(await axe(page), [])
	assert.equal((await api('GET', `/setting/${NAME}`)).value, 'kept', 'nothing is changed before it was asked')
	await dialog.getByRole('button', { name: '更改期限' }).click()
	await page.getByText('24 小时后生效').waitFor()
	await card(page).getByText('新期限').waitFor()
	assert.equal((await api('GET', `/setting/${NAME}`)).value, '5_years')
	await page.getByRole('button', { name: '撤销' }).click()
	await page.waitForFunction(() => document.querySelector('select').value === 'kept')
	assert.equal((await api('GET', `/setting/${NAME}`)).source, 'default')
	await card(page).getByRole('button', { name: '的变更历史' }).click()
	await page.locator('.drawer').getByText('5 年').first().waitFor()
	await page.keyboard.press('Escape')
	await card(page).getByRole('button', { name: '清除记录' }).click()
	await page.locator('.drawer').getByText('清除记录：不再往来的客户').waitFor()
	assert.deepEqual(await axe(page), [])
	await desk.close()
})

test('English is English alone, and a phone shows it whole', async () => {
	const desk = await openContext(browser, { ...DESK, viewport: { width: 390, height: 844 } })
	await enterInEnglish(desk)
	await desk.page.goto(at('/retention'))
	await desk.page.getByText('Customers who are gone').first().waitFor()
	await desk.page.evaluate(() => document.querySelectorAll('main .name').forEach((one) => one.remove()))
	assert.doesNotMatch(await desk.page.locator('main').innerText(), /[\u4e00-\u9fff]/)
	assert.equal(await isWide(desk.page), false, 'wider than the screen')
	await desk.close()
})
