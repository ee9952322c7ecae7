/* A legal hold: placed on a customer's page, shown there and on her ticket, in the way of erasing her, found on the page of retention, released. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber } from './customer.mjs'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { api, enterConsole, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('placed, in the way, found, released', async () => {
	const name = `保全客户${Date.now() % 100000}`, why = `诉讼${Date.now() % 1000000}号`
	const customer = await api('POST', '/customer', { name, phone: newNumber() })
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '怎么换滤芯' })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(`${process.env.ANXIN_URL}/customer/${customer.id}`)
	await page.getByRole('button', { name: '设立保全' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('理由').fill(why)
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '设立保全' }).click()
	await page.locator('.holds').getByText(why).waitFor()
	assert.deepEqual(await axe(page), [])
	if (process.env.ANXIN_SHOTS) await page.screenshot({ path: `${process.env.ANXIN_SHOTS}/hold_customer_1440.png` })

	await page.getByRole('button', { name: '彻底删除' }).click()
	await dialog.getByRole('button', { name: '本人要求' }).click()
	await dialog.getByLabel('输入“彻底删除”确认').fill('彻底删除')
	await dialog.locator('button[type=submit]').click()
	await dialog.getByText(why).waitFor()
	await page.keyboard.press('Escape')

	await page.goto(`${process.env.ANXIN_URL}/ticket/${ticket.id}`)
	await page.locator('.holds').getByText('因另一条记录的保全而留存').waitFor()
	if (process.env.ANXIN_SHOTS) await page.screenshot({ path: `${process.env.ANXIN_SHOTS}/hold_ticket_1440.png` })

	await page.goto(`${process.env.ANXIN_URL}/retention`)
	const list = page.getByRole('region', { name: '有效的法律保全' })
	await list.getByRole('searchbox').fill(why)
	const row = list.locator('li', { hasText: why })
	await row.waitFor()
	assert.equal(await row.getByRole('link').getAttribute('href'), `/customer/${customer.id}`)
	assert.deepEqual(await axe(page), [])
	if (process.env.ANXIN_SHOTS) await list.screenshot({ path: `${process.env.ANXIN_SHOTS}/hold_list_1440.png` })
	await row.getByRole('button', { name: '解除保全' }).click()
	await dialog.getByLabel('解除理由').fill('案件终结')
	await dialog.getByRole('button', { name: '解除保全' }).click()
	await row.waitFor({ state: 'detached' })
	assert.deepEqual((await api('GET', `/customer/${customer.id}/hold`)).items, [])
	await desk.close()
})

test('English is English alone, and a phone shows it whole', async () => {
	const customer = await api('POST', '/customer', { name: 'Held', phone: newNumber() })
	const hold = await api('POST', `/customer/${customer.id}/hold`, { reason: 'lawsuit', until: '2099-12-31' })
	const desk = await openContext(browser, { ...DESK, viewport: { width: 390, height: 844 } })
	await enterInEnglish(desk)
	await desk.page.goto(`${process.env.ANXIN_URL}/retention`)
	const list = desk.page.getByRole('region', { name: 'Legal holds in force' })
	await list.getByText('lawsuit').waitFor()
	assert.equal(await isWide(desk.page), false)
	if (process.env.ANXIN_SHOTS) await list.screenshot({ path: `${process.env.ANXIN_SHOTS}/hold_list_390.png` })
	await desk.page.goto(`${process.env.ANXIN_URL}/customer/${customer.id}`)
	await desk.page.locator('.holds').getByText('Legal hold until').waitFor()
	assert.doesNotMatch(await desk.page.locator('.holds').innerText(), /[\u4e00-\u9fff]/)
	assert.equal(await isWide(desk.page), false)
	await api('POST', `/legal_hold/${hold.id}/release`, { version: hold.version, reason: 'the company goes with other tests' })
	await desk.close()
})
