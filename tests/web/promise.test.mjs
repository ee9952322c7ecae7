/* The page of promises: by key, opened, its parts, and from a figure to the record behind it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
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
	assert.equal(await page.locator('tr.row').count(), 15)
	await page.getByRole('button', { name: '月', exact: true }).click()
	await page.waitForURL(/period=month/)
	await page.getByRole('button', { name: '闭环率' }).click()
	const drawer = page.getByRole('dialog')
	await drawer.getByRole('button', { name: '渠道' }).click()
	await drawer.locator('.shares tbody tr').first().waitFor()
	assert.deepEqual(await axe(page), [])
	const missed = drawer.getByRole('button', { name: /查看 .* 条未达/ })
	const n = Number((await missed.textContent()).replace(/\D/g, ''))
	await missed.click()
	await page.waitForURL(/\/ticket\?cell=/)
	await page.getByText(new RegExp(`共 ${n} 条`)).waitFor()
	await page.getByText(/承诺“闭环率” · 未达/).first().waitFor()
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('j')
	await page.keyboard.press('Enter')
	await page.waitForURL(/\/ticket\/\d+/)
	await close()
})

test('each part leads to its records, and what is left of them, too', async () => {
	const { page, close } = await openContext(browser, DESK)
	await enterConsole(page)
	const { items, periods } = await api('GET', '/promise/figures?period=month')
	const one = items.filter((p) => p.object === 'ticket').sort((a, b) => b.cases - a.cases)[0]
	for (const by of ['区域', '负责人', '产品']) {
		await page.goto(at(`/promise?period=month&promise=${one.id}`))
		const drawer = page.getByRole('dialog')
		await drawer.getByRole('button', { name: by, exact: true }).click()
		await drawer.locator('.shares thead', { hasText: by }).waitFor()
		const last = drawer.locator('.shares tbody tr').last().getByRole('link', { name: /条样本/ })
		const n = Number((await last.textContent()).replace(/\D/g, ''))
		await last.click()
		await page.waitForURL(/cell=/)
		await page.getByText(new RegExp(`共 ${n} 条`)).waitFor()
	}
	const whole = await api('GET', `/ticket?cell=${one.id}.all.${periods.at(-1).from}.${periods.at(-1).to}&total=1&limit=1`)
	assert.equal(whole.total, one.cases)
	await close()
})

test('filters beside one another, and from the main cause to a task', async () => {
	const { page, close } = await openContext(browser, DESK)
	await enterConsole(page)
	const { items } = await api('GET', '/promise/figures?period=month')
	const one = items.filter((p) => p.cases - p.held >= 3).sort((a, b) => b.cases - a.cases)[0]
	await page.goto(at('/promise?period=month'))
	await page.getByRole('combobox', { name: '渠道' }).selectOption({ index: 1 })
	await page.waitForURL(/channel=1/)
	const person = page.getByRole('combobox', { name: '负责人' })
	await person.click()
	await page.getByRole('listbox', { name: '负责人' }).getByRole('option').first().click()
	await page.waitForURL(/user_id=\d+/)
	assert.deepEqual(await axe(page), [])
	await page.goto(at(`/promise?period=month&promise=${one.id}`))
	const cause = page.getByRole('region', { name: '主要原因' })
	await cause.waitFor()
	const words = (await cause.locator('p').first().textContent()).replace(/^主要原因\s*/, '').trim()
	await cause.getByRole('button', { name: '改进任务' }).click()
	await page.waitForURL(/\/task\/new/)
	assert.ok((await page.locator('textarea').first().inputValue()).includes(words))
	await page.getByRole('button', { name: /保存|新建/ }).last().click()
	await page.waitForURL(/\/task\/\d+/)
	const made = await api('GET', `/task/${page.url().split('/').at(-1)}`)
	assert.ok(made.note.includes(words) && made.title.includes(one.name), JSON.stringify(made))
	await close()
})
