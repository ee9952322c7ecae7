/* Clocks on screen: in the list, on the ticket while it moves, and why one is due when it is, equal to what the server reckons. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole, move, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
let desk
let page
let ticket
before(async () => {
	browser = await launch()
	desk = await openContext(browser, DESK)
	page = desk.page
	await enterConsole(page)
	const customer = await api('POST', '/customer', { name: '许时限', phone: `139${String(Date.now()).slice(-8)}` })
	const { id } = await api('POST', '/ticket', { scene: 'repair', customer_id: customer.id, text: '洗衣机脱水剧烈震动', grade: 'normal' })
	ticket = await api('GET', `/ticket/${id}`)
})
after(async () => {
	await desk.close()
	await browser.close()
})

const card = (measure) => page.getByRole('region', { name: '时限' }).getByRole('button', { name: new RegExp(`^${measure}`) })
const clockOf = async (measure) => (await api('GET', `/clock?object=ticket&object_id=${ticket.id}`)).items.find((c) => c.measure === measure)
const go = (path) => page.goto(at(path))

test('the list shows the next clock of each row and sorts by it', async () => {
	await go(`/ticket?condition=${encodeURIComponent(`no = "${ticket.no}"`)}`)
	const cell = page.getByRole('button', { name: /^受理.*为什么此时到期$/ })
	await cell.getByText('剩 1 时 59 分').waitFor()
	await page.getByRole('button', { name: /^最早时限/ }).click()
	await page.waitForURL((url) => url.searchParams.get('sort') === '-next_due_at')
	assert.deepEqual(await axe(page), [])
	await cell.click()
	await page.getByRole('dialog').getByText('按事件逐条重算，与保存值一致').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('cards follow the ticket: met, paused, resumed', async () => {
	await go(`/ticket/${ticket.id}`)
	await card('受理').getByText('剩 1 时 59 分').waitFor()
	assert.deepEqual(await axe(page), [])
	await move(ticket.no, 'accept')
	await card('受理').getByText(/用时 \d+ /).waitFor()
	await move(ticket.no, 'wait', { reason: '请拍一张铭牌' })
	await card('解决').getByText('暂停', { exact: true }).waitFor()
	await move(ticket.no, 'resume')
	await card('解决').getByText(/^剩 /).waitFor()
})

test('why: the sentence, the days, the rows and their sum are what the server reckons', async () => {
	await card('解决').focus()
	await page.keyboard.press('Enter')
	const drawer = page.getByRole('dialog')
	await drawer.getByText('按事件逐条重算，与保存值一致').waitFor()
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'dialog')
	const why = await api('GET', `/clock/${(await clockOf('solution')).id}/why`)
	assert.equal(why.replayed_due_at, why.due_at)
	await drawer.getByText(/^从 .*按“服务热线 7×12”累计满 4 小时/).waitFor()
	const rows = drawer.getByRole('table', { name: '计时明细' }).locator('tbody tr')
	assert.match(await rows.last().innerText(), /到期.*4:00$/s)
	assert.equal(await rows.count(), why.rows.length)
	await drawer.getByRole('img', { name: '每天计入的时间，明细见下表' }).waitFor()
	await drawer.getByText(/恢复，顺延到/).waitFor()
	const { id } = (await api('GET', '/clock_policy?limit=50')).items.find((p) => p.name === '一般 · 解决 4 小时')
	assert.equal(await drawer.getByRole('link', { name: '一般 · 解决 4 小时' }).getAttribute('href'), `/clock_policy/${id}`)
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Escape')
	await drawer.waitFor({ state: 'detached' })
	assert.match(await page.evaluate(() => document.activeElement.innerText), /^解决/, 'focus comes back to the card')
})

test('the timeline says in words what a clock told', async () => {
	const { items } = await api('GET', `/ticket?sort=next_due_at&limit=20&condition=${encodeURIComponent('next_due_at < now')}`)
	let told
	for (const { id } of items)
		told ??= (await api('GET', `/ticket/${id}/timeline?kind=change`)).items.some((e) => e.kind === 'ticket.clock_breached') ? id : undefined
	assert.ok(told, 'the demo has tickets that are late')
	await go(`/ticket/${told}`)
	await page.locator('.entries').getByText(/超时$/).first().waitFor()
	await page.getByRole('region', { name: '时限' }).getByText(/^超 /).first().waitFor()
	assert.equal((await ticketByNumber(ticket.no)).id, ticket.id)
})
