/* A ticket of two matters split by keyboard alone, and joined again. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('split and take back without the mouse', async () => {
	const customer = await api('POST', '/customer', { name: '周婷', phone: `138${String(Date.now()).slice(-8)}` })
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '冰箱怎么调温度' })
	await api('POST', `/ticket/${ticket.id}/comment`, { text: '门也关不上了', visibility: 'public' })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.getByRole('button', { name: '拆分', exact: true }).focus()
	await page.keyboard.press('Enter')
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('另一件事').focus()
	await page.keyboard.type('门关不上，漏冷气')
	await dialog.getByRole('checkbox', { name: /门也关不上了/ }).focus()
	await page.keyboard.press('Space')
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Control+Enter')
	const link = page.getByRole('link', { name: /^拆出 SR/ })
	await link.waitFor()
	await page.getByText('门也关不上了').waitFor({ state: 'detached' })
	await link.focus()
	await page.keyboard.press('Enter')
	await page.getByRole('heading', { name: '门关不上，漏冷气' }).waitFor()
	await page.getByText('门也关不上了').waitFor()
	await page.getByRole('link', { name: `拆分自 ${ticket.no}` }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '撤销拆分' }).focus()
	await page.keyboard.press('Enter')
	await page.getByText('已撤销拆分').waitFor()
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.getByText('门也关不上了').waitFor()
	assert.equal(await page.getByRole('link', { name: /^拆出 SR/ }).count(), 0)
	await desk.close()
})
