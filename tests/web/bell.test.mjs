/* The bell hears at once what is meant for its person, and the system shows it where she allowed that. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole, hire } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const newcomer = () => hire(['ticket.read', 'customer.read'])

async function mention(user) {
	const customer = (await api('GET', '/customer?limit=1')).items[0]
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '冰箱怎么调温度' })
	await api('POST', `/ticket/${ticket.id}/comment`, { text: '请看一下', visibility: 'internal', user_ids: [user.id] })
	return ticket
}

/* What the page asks the system to show; the browser of a test has nobody who would see it. */
const overhear = () => {
	window.told = []
	window.Notification = class extends window.Notification {
		constructor(title, options) {
			super(title, options)
			window.told.push(title)
		}
	}
}

test('a desktop notice: allowed once, shown when it happens, and only what is new', async () => {
	const person = await newcomer()
	const desk = await openContext(browser, { ...DESK, permissions: ['notifications'] })
	const { page } = desk
	await page.addInitScript(overhear)
	await enterConsole(page, person)
	await page.getByRole('button', { name: '通知', exact: true }).click()
	const drawer = page.getByRole('dialog')
	await drawer.getByRole('checkbox', { name: '用桌面通知提醒' }).check()
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Escape')
	await drawer.waitFor({ state: 'detached' })

	const first = await mention(person.user)
	const told = () => page.evaluate(() => window.told)
	await until(async () => (await told()).length === 1, 'the first notice of somebody who had none')
	assert.match((await told())[0], new RegExp(first.no))
	const second = await mention(person.user)
	await until(async () => (await told()).length === 2, 'the second')
	assert.match((await told())[1], new RegExp(second.no))
	await page.getByRole('button', { name: '通知，2 条未读' }).waitFor()

	await page.reload()
	await page.getByRole('button', { name: '通知，2 条未读' }).waitFor()
	const third = await mention(person.user)
	await until(async () => (await told()).length === 1, 'after coming back only the new one')
	assert.match((await told())[0], new RegExp(third.no))
	await desk.close()
})

test('who did not ask for desktop notices sees the bell count and nothing else', async () => {
	const person = await newcomer()
	const desk = await openContext(browser, { ...DESK, permissions: ['notifications'] })
	const { page } = desk
	await page.addInitScript(overhear)
	await enterConsole(page, person)
	await page.getByRole('button', { name: '通知', exact: true }).waitFor()
	await mention(person.user)
	await page.getByRole('button', { name: '通知，1 条未读' }).waitFor()
	assert.deepEqual(await page.evaluate(() => window.told), [])
	await desk.close()
})
