/* A ticket on behalf of a caller: an open one of the same device is shown instead, and a link's customer beats a half-written draft. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
let desk
before(async () => {
	browser = await launch()
	desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
})
after(async () => {
	await desk.close()
	await browser.close()
})

async function newCustomer(name) {
	return api('POST', '/customer', { name, phone: `139${String(Date.now()).slice(-8)}` })
}

test('the open ticket of the device is one press away', async () => {
	const customer = await newCustomer('钱多多')
	const { items } = await api('GET', '/model?limit=1')
	const device = await api('POST', '/device', { serial: `NT${Date.now()}`, model_id: items[0].id, customer_id: customer.id })
	const first = await api('POST', '/ticket', { scene: 'repair', customer_id: customer.id, device_id: device.id, text: '不通电' })
	const { page } = desk
	await page.goto(`${process.env.ANXIN_URL}/ticket/new?customer_id=${customer.id}&device_id=${device.id}`)
	await page.getByLabel('客户怎么说').fill('还是不通电')
	await page.locator('form footer').getByRole('button', { name: '新建服务单' }).click()
	await page.getByRole('link', { name: '打开那张服务单' }).click()
	await page.waitForURL((url) => url.pathname === `/ticket/${first.id}`)
})

test('what a link names is not overwritten by a draft', async () => {
	const [drafted, named] = [await newCustomer('草稿的人'), await newCustomer('链接的人')]
	const { page } = desk
	await page.goto(`${process.env.ANXIN_URL}/ticket/new?customer_id=${drafted.id}`)
	await page.getByLabel('客户怎么说').fill('写到一半')
	await page.goto(`${process.env.ANXIN_URL}/ticket/new?customer_id=${named.id}`)
	await page.locator('.chosen').first().waitFor()
	assert.equal((await page.locator('.chosen').first().innerText()).includes(named.phone), true)
	assert.equal(await page.getByLabel('客户怎么说').inputValue(), '')
})

test('leaving the question whether to cancel is not called cancel', async () => {
	const customer = await newCustomer('孙小圣')
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '怎么清洁' })
	const { page } = desk
	await page.goto(`${process.env.ANXIN_URL}/ticket/${ticket.id}`)
	const actions = page.locator('.actions')
	await actions.getByRole('button', { name: '取消', exact: true }).click()
	assert.equal(await page.getByRole('dialog').getByRole('button', { name: '取消', exact: true }).count(), 1)
	await page.getByRole('dialog').getByRole('button', { name: '不取消' }).click()
	await page.getByRole('dialog').waitFor({ state: 'detached' })
})
