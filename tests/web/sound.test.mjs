/* What is critical sounds once over all tabs of a person, after she has touched the page, unless she switched it off. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/* A browser's sound that nobody hears: each tone is counted, and none before the page was touched. */
const listen = () => {
	window.tones = 0
	window.AudioContext = class {
		state = navigator.userActivation.hasBeenActive ? 'running' : 'suspended'
		currentTime = 0
		destination = {}
		resume() { if (navigator.userActivation.hasBeenActive) this.state = 'running'; return Promise.resolve() }
		createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next } }
		createOscillator() { return { frequency: {}, connect: (next) => next, start() { window.tones++ }, stop() {} } }
	}
}
const TONES_OF_ONE = 2
const critical = async () => {
	const customer = (await api('GET', '/customer?limit=1')).items[0]
	return api('POST', '/ticket', { scene: 'repair', customer_id: customer.id, text: '冰箱冒烟', grade: 'critical' })
}
const tones = (...pages) => Promise.all(pages.map((page) => page.evaluate(() => window.tones))).then((all) => all.reduce((sum, n) => sum + n, 0))
/* The banner counts it, so this tab has been told. */
const sees = async (page) => {
	const { total } = await api('GET', `/ticket?condition=${encodeURIComponent('grade = critical and state = new')}&limit=1&total=1`)
	await page.getByText(`另有 ${total - 1} 张`).waitFor()
}
const banner = (page) => page.locator('.banner').waitFor()
const close = async (ticket) => api('POST', `/ticket/${ticket.id}/action/cancel`, { version: (await api('GET', `/ticket/${ticket.id}`)).version, reason: '测试' })

test('once over two tabs, not for what stood there, not when it is off', async () => {
	const old = await critical()
	const desk = await openContext(browser, DESK)
	await desk.context.addInitScript(listen)
	const first = desk.page
	await enterConsole(first)
	await banner(first)
	const second = await desk.context.newPage()
	await second.goto(at('/ticket'))
	await banner(second)
	for (const page of [first, second]) await page.locator('#main').click({ position: { x: 5, y: 5 } })
	assert.equal(await tones(first, second), 0, 'what was there makes no sound')
	const fresh = await critical()
	await until(async () => (await tones(first, second)) > 0, 'a sound')
	for (const page of [first, second]) await sees(page)
	assert.equal(await tones(first, second), TONES_OF_ONE, 'in one tab, once')

	await first.getByRole('button', { name: /^通知/ }).click()
	const box = first.getByRole('dialog').getByRole('checkbox', { name: '特急、超时和新会话发出提示音' })
	assert.ok(await box.isChecked())
	assert.deepEqual(await axe(first), [])
	await box.uncheck()
	await first.keyboard.press('Escape')
	const silent = await critical()
	for (const page of [first, second]) await sees(page)
	assert.equal(await tones(first, second), TONES_OF_ONE)
	for (const one of [old, fresh, silent]) await close(one)
	await desk.close()
})
