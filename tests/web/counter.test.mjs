/* The counter of an outlet, by keyboard alone: found by phone, by serial, or entered anew; taken in, the slip, the next person. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newNumber } from './customer.mjs'
import { atDesk } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { api, at } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
const type = (text) => page.keyboard.type(text)
const press = (key) => page.keyboard.press(key)

test('somebody known by her phone is taken in without a mouse, and the slip says when and where', async () => {
	const phone = newNumber(), words = `门关不上${Date.now()}`
	await api('POST', '/customer', { name: '郑柜台', phone })
	await page.goto(at('/counter'))
	await page.getByLabel('手机号、序列号或姓名').waitFor()
	await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
	assert.deepEqual(await axe(page), [])
	await type(phone)
	await press('Enter')
	await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
	await type(words)
	await press('Control+Enter')
	const slip = page.locator('[data-slip]')
	await slip.getByText('扫码查看进度').waitFor()
	const no = (await slip.locator('.no').textContent()).trim()
	const ticket = (await api('GET', `/ticket?limit=1&sort=-created_at`)).items[0]
	assert.deepEqual([ticket.no, ticket.channel], [no, 'outlet'])
	await slip.getByText('承诺完成').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('region', { name: '今天网点受理' }).getByRole('link', { name: no }).waitFor()
	await page.waitForFunction(() => document.activeElement?.textContent.includes('受理下一位'))
	await press('Enter')
	await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
})

test('nobody found is entered in three fields', async () => {
	const name = `新人${Date.now() % 100000}`, phone = newNumber()
	await page.goto(at('/counter'))
	await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
	await type(phone)
	await press('Enter')
	await page.getByLabel('姓名', { exact: true }).waitFor()
	assert.equal(await page.getByLabel('手机', { exact: true }).inputValue(), phone)
	await page.waitForFunction(() => document.activeElement?.labels?.[0]?.textContent.includes('姓名'))
	await type(name)
	const number = page.getByLabel('手机', { exact: true })
	await number.fill('12')
	await press('Enter')
	await page.locator('input[inputmode="tel"][aria-invalid="true"]').waitFor()
	assert.equal(await number.evaluate((field) => document.getElementById(field.getAttribute('aria-describedby')).role), 'alert')
	await number.fill(phone)
	await press('Enter')
	await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
	await type('想预约安装空调')
	await press('Control+Enter')
	await page.locator('[data-slip]').waitFor()
	assert.equal((await api('GET', `/ticket?limit=1&sort=-created_at`)).items[0].description, '想预约安装空调')
})

test('a serial finds the device and whose it is; on paper there is the slip alone', async () => {
	const customer = await api('POST', '/customer', { name: '序列号客户', phone: newNumber() })
	const model = (await api('GET', '/model?limit=1')).items[0]
	const device = await api('POST', '/device', { serial: `SN${Date.now()}`, model_id: model.id, customer_id: customer.id })
	await page.goto(at('/counter'))
	await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
	await type(String(device.serial))
	await press('Enter')
	await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
	assert.equal(await page.locator('.chip[aria-pressed="true"]').first().textContent().then((text) => text.includes(String(device.serial))), true)
	await type('异响')
	await press('Control+Enter')
	await page.locator('[data-slip]').getByText(device.serial).waitFor()
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
	await page.emulateMedia({ media: 'print' })
	assert.equal(await page.getByRole('region', { name: '今天网点受理' }).isVisible(), false)
	assert.equal(await page.locator('[data-slip]').isVisible(), true)
	await page.emulateMedia({ media: 'screen' })
})
