/* A ticket on behalf of a caller: an open one of the same device is shown instead, and a link's customer beats a half-written draft. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
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
	await page.goto(at(`/ticket/new?customer_id=${customer.id}&device_id=${device.id}`))
	await page.getByLabel('客户怎么说').fill('还是不通电')
	await page.locator('form footer').getByRole('button', { name: '新建服务单' }).click()
	await page.getByRole('link', { name: '打开那张服务单' }).click()
	await page.waitForURL((url) => url.pathname === `/ticket/${first.id}`)
})

test('what a link names is not overwritten by a draft', async () => {
	const [drafted, named] = [await newCustomer('草稿的人'), await newCustomer('链接的人')]
	const { page } = desk
	await page.goto(at(`/ticket/new?customer_id=${drafted.id}`))
	await page.getByLabel('客户怎么说').fill('写到一半')
	await page.goto(at(`/ticket/new?customer_id=${named.id}`))
	await page.locator('.chosen', { hasText: named.phone }).waitFor()
	assert.equal(await page.getByLabel('客户怎么说').inputValue(), '')
})

test('leaving the question whether to cancel is not called cancel', async () => {
	const customer = await newCustomer('孙小圣')
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '怎么清洁' })
	const { page } = desk
	await page.goto(at(`/ticket/${ticket.id}`))
	const actions = page.locator('.actions')
	await actions.getByRole('button', { name: '取消', exact: true }).click()
	assert.equal(await page.getByRole('dialog').getByRole('button', { name: '取消', exact: true }).count(), 1)
	await page.getByRole('dialog').getByRole('button', { name: '不取消' }).click()
	await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('symptoms and the answers of a scene are corrected in words, not in codes', async () => {
	const customer = await newCustomer('周大年')
	const { items } = await api('GET', `/product?filter=${encodeURIComponent(JSON.stringify([['name', '=', '冰箱']]))}`)
	const ticket = await api('POST', '/ticket', { scene: 'remote', customer_id: customer.id, product_id: items[0].id, text: '声音有点大', symptoms: ['noise'] })
	const { page } = desk
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.locator('.problem').getByRole('button', { name: '编辑' }).click()
	const form = page.getByRole('dialog').locator('form')
	await form.getByRole('button', { name: '声音大', pressed: true }).waitFor()
	await form.getByRole('button', { name: '结冰结霜' }).click()
	await form.getByRole('group', { name: '设备现在联网吗' }).getByRole('button', { name: '是' }).click()
	assert.equal((await form.locator('textarea').evaluateAll((all) => all.map((one) => one.value))).some((text) => /^[[{]/.test(text)), false)
	await form.getByRole('button', { name: '保存' }).click()
	await page.locator('.problem').getByText('结冰结霜').waitFor()
	const saved = await api('GET', `/ticket/${ticket.id}`)
	assert.deepEqual([saved.symptoms, saved.answers.online], [['noise', 'frost'], true])
})
