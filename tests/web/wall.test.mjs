/* The wall of supervisors: what is late is red in words and leads to its ticket; on a screen on the wall nobody's words are shown. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const total = async (condition) => {
	const { total, total_more } = await api('GET', `/ticket/count?condition=${encodeURIComponent(condition)}`)
	return `${total}${total_more ? '+' : ''}`
}
const OPEN = 'state in (new, accepted, working, waiting_customer)'

test('figures are those of the lists behind them, and follow what happens', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.keyboard.press('Control+k')
	await page.getByRole('combobox').fill('大屏')
	await page.getByRole('option', { name: /主管大屏/ }).waitFor()
	await page.keyboard.press('Enter')
	await page.waitForURL(/\/wall$/)
	const figure = (name) => page.locator('.figure', { hasText: name }).locator('.number')
	await figure('已超时').waitFor()
	assert.equal(await figure('已超时').innerText(), await total(`${OPEN} and next_due_at < now`))
	assert.equal(await figure('特急未完成').innerText(), await total(`${OPEN} and grade = critical`))
	assert.deepEqual(await axe(page), [])

	const before = await figure('等待首次响应').innerText()
	const customer = await api('POST', '/customer', { name: '周婷', phone: `137${String(Date.now()).slice(-8)}` })
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '冰箱怎么调温度' })
	await page.waitForFunction((was) => [...document.querySelectorAll('.figure')].some((f) => f.textContent.includes('等待首次响应') && !f.textContent.endsWith(was)), before)
	assert.ok(ticket.id)

	const worst = page.locator('.late .line').first()
	if (await worst.count()) {
		const title = await worst.locator('.grow').innerText()
		await page.getByRole('button', { name: '大屏模式' }).click()
		await page.getByRole('button', { name: '退出大屏' }).waitFor()
		assert.ok(!(await page.locator('.columns').innerText()).includes(title), 'no words of customers on the wall')
		assert.deepEqual(await axe(page), [])
	}
	await desk.close()
})
