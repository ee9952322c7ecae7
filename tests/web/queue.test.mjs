/* Queues: put in an order of one's own by keys, by the arrows, by dragging; the next one taken by a key and given back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { accountOf, api, at, enterConsole, move } from './staff.mjs'
import { launch } from './tools.mjs'

let browser, desk, page, me, customer
const made = []

before(async () => {
	browser = await launch()
	desk = await openContext(browser, DESK)
	page = desk.page
	me = (await api('GET', '/session')).user
	customer = (await api('POST', '/customer', { name: '周婷', phone: `137${String(Date.now()).slice(-8)}` })).id
	for (const n of [1, 2, 3]) made.push(await file(`冰箱怎么调温度，第 ${n} 件`, { owner_id: me.id }))
	await enterConsole(page)
})
after(async () => { await desk.close(); await browser.close() })

async function file(text, to, more = {}) {
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer, text, ...more })
	return move(ticket.no, 'assign', to)
}
const stand = async () => (await api('GET', '/queue?of=mine&limit=200')).items.map((t) => made.findIndex((m) => m.id === t.id) + 1).filter(Boolean).join('')
const handle = (n) => page.getByRole('button', { name: new RegExp(`${made[n - 1].no}，移动`) })
const button = (name) => page.getByRole('button', { name, exact: true })

test('one\'s own work in an order of one\'s own, and back', async () => {
	await page.getByRole('link', { name: '队列', exact: true }).waitFor()
	await page.waitForURL(/view=/)      // the list has chosen its view: nothing else moves the address any more
	await page.keyboard.press('g')
	await page.keyboard.press('q')
	await page.waitForURL(/\/queue/)
	await handle(3).focus()
	assert.equal(await stand(), '123')
	await page.keyboard.press('Alt+ArrowUp')
	await until(async () => await stand() === '132', 'moved by keys')
	await page.waitForFunction((no) => document.activeElement?.getAttribute('aria-label')?.includes(no), made[2].no)
	const moved = page.locator('li', { hasText: made[2].no }).getByText('排在这里')
	await moved.waitFor()
	assert.deepEqual(await axe(page), [])
	await button('撤销').click()
	await until(async () => await stand() === '123', 'taken back')
	await moved.waitFor({ state: 'detached' })
	await button(`下移 ${made[0].no}`).click()
	await until(async () => await stand() === '213', 'moved by the arrow')
	await handle(3).dragTo(handle(2))
	await until(async () => await stand() === '321', 'dragged')
	await button(`${made[2].no} 恢复自动位置`).click()
	await until(async () => await stand() === '213' || await stand() === '231', 'stands by itself')
})

test('the next of the team is taken by a key, opened, and given back', async () => {
	const agent = await openContext(browser, DESK)
	const hers = agent.page
	await enterConsole(hers, accountOf('zhoumin'))
	const zhou = (await api('GET', '/user?limit=50')).items.find((u) => u.account === 'zhoumin')
	const smoke = await file('冰箱后面冒烟', { team_id: zhou.team_id }, { scene: 'repair', danger: 'smoke' })
	await hers.goto(at('/queue?of=team'))
	const line = hers.locator('ol.list li', { hasText: smoke.no })
	await line.getByText('有危险：冒烟，最先').waitFor()
	assert.equal(await hers.getByRole('button', { name: /移动$/ }).count(), 0, 'agents do not order what waits')
	assert.deepEqual(await axe(hers), [])
	const [{ id: first }] = (await api('GET', `/queue?of=team&team_id=${zhou.team_id}&limit=1`)).items
	await hers.keyboard.press('Shift+T')
	await hers.waitForURL(new RegExp(`/ticket/${first}$`))
	assert.equal((await api('GET', `/ticket/${first}`)).owner_id, zhou.id)
	await hers.getByRole('button', { name: '撤销', exact: true }).click()
	await hers.waitForURL(/\/queue/)
	await until(async () => (await api('GET', `/ticket/${first}`)).owner_id === null, 'given back')
	await agent.close()
})

test('on a phone nothing is cut off', async () => {
	await page.setViewportSize({ width: 390, height: 844 })
	await page.goto(at('/queue'))
	await page.locator('ol.list li').first().waitFor()
	assert.equal(await isWide(page), false, 'wider than the screen')
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 1440, height: 900 })
})
