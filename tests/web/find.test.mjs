/* Ctrl K over everything: each entry of rail and menu that a role is shown is found by its words; settings one by one; promises; imports. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { accounts, api, enterConsole, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function shownIn(page) {
	await page.locator('.rail .foot').click()
	await page.locator('.menu .item').first().waitFor()
	const found = await page.evaluate(() => [...document.querySelectorAll('.rail a.entry, .menu a.item')].map((a) => ({ to: a.getAttribute('href'), words: (a.querySelector(':scope > .cut, :scope > span:not(.counted)') ?? a).childNodes[0].textContent.trim() })))
	await page.keyboard.press('Escape')
	return found
}
async function missing(page, entries) {
	await page.keyboard.press('Control+k')
	const box = page.getByRole('dialog').getByRole('combobox')
	const lacking = []
	for (const { to, words } of entries) {
		await box.fill(words)
		if (!await page.locator(`#search-lines [data-to="${to}"]`).count()) lacking.push(`${words} ${to}`)
	}
	await page.keyboard.press('Escape')
	return lacking
}

test('whatever rail and menu show is found, by each role of the demo, in both languages', async () => {
	for (const account of accounts()) {
		const desk = await openContext(browser, DESK)
		await enterConsole(desk.page, account)
		await desk.page.locator('.rail .foot').waitFor()
		const entries = await shownIn(desk.page)
		assert.ok(entries.length, account.account)
		assert.deepEqual(await missing(desk.page, entries), [], account.account)
		await desk.close()
	}
	const desk = await openContext(browser, DESK)
	await enterInEnglish(desk)
	await desk.page.locator('.rail .foot').waitFor()
	const entries = await shownIn(desk.page)
	assert.ok(entries.length > 30)
	assert.deepEqual(await missing(desk.page, entries), [])
	await desk.close()
})

test('a setting by its name of either language: its box has the focus and its row is marked', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	const { items } = await api('GET', '/setting')
	const company = items.find((s) => s.scope === 'company' && s.type === 'number'), server = items.find((s) => s.scope === 'server')
	for (const [setting, words] of [[company, company.label.zh], [company, company.label.en], [server, server.name]]) {
		await page.keyboard.press('Control+k')
		await page.getByRole('dialog').getByRole('combobox').fill(words)
		const line = page.locator(`#search-lines [data-to="/setting?name=${setting.name}"]`)
		await line.waitFor()
		assert.deepEqual(await axe(page), [])
		await line.click()
		const row = page.locator(`[id="setting-${setting.name}"].marked`)
		await row.waitFor()
		await page.waitForFunction((id) => document.getElementById(id)?.contains(document.activeElement), `setting-${setting.name}`)
		assert.deepEqual(await axe(page), [])
		await page.evaluate(() => document.activeElement.blur())
	}
	await desk.close()
})

test('promises, imports of one kind, one\'s own shifts', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	const open = async (words, wanted) => {
		await page.keyboard.press('Control+k')
		await page.getByRole('dialog').getByRole('combobox').fill(words)
		await page.locator(`#search-lines [data-to^="${wanted}"]`).first().click()
	}
	await open('闭环率', '/promise?promise=')
	await page.getByRole('dialog').getByRole('heading', { name: '闭环率' }).waitFor()
	await page.keyboard.press('Escape')
	await open('导入客户', '/import?record=customer')
	await page.waitForURL(/\/import\?record=customer/)
	await page.waitForFunction(() => document.querySelector('select')?.value === 'customer')
	await open('我的班次', '/duty/mine')
	await page.waitForURL(/\/duty\/mine/)
	await desk.close()
})
