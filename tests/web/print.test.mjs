/* One ticket on paper: from the ticket's page, masked as on the screen, without what is for colleagues, one A4 page with lines to sign. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, at, enterConsole, move } from './staff.mjs'
import { launch } from './tools.mjs'

/* A finished job of somebody with a device. */
async function finished() {
	const { items } = await api('GET', '/device?limit=50')
	const like = items.find((one) => one.customer_id && one.customer_id !== '0')
	const device = await api('POST', '/device', { serial: `PR${Date.now()}`, model_id: like.model_id, customer_id: like.customer_id })
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: device.customer_id, device_id: device.id, text: '童锁怎么解开' })
	await move(ticket.no, 'accept')
	await api('POST', `/ticket/${ticket.id}/comment`, { text: '长按三秒试试', visibility: 'public', file_ids: [] })
	await api('POST', `/ticket/${ticket.id}/comment`, { text: '客户有点着急', visibility: 'internal', file_ids: [] })
	await move(ticket.no, 'resolve', { steps: '指导长按童锁键三秒', result: '童锁已解开' })
	return { ticket, device }
}

let browser
let job
before(async () => {
	browser = await launch()
	job = await finished()
})
after(() => browser.close())

test('a service report on one sheet of A4', async () => {
	const { ticket, device } = job
	const desk = await openContext(browser, { ...DESK, colorScheme: 'dark' })
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.getByRole('button', { name: '打印' }).click()
	await page.getByRole('heading', { name: '服务报告' }).waitFor()

	const said = await page.locator('main').innerText()
	for (const words of [ticket.no, '安心电器', device.serial, '童锁怎么解开', '长按三秒试试', '指导长按童锁键三秒', '童锁已解开', '客户签字'])
		assert.equal(said.includes(words), true, `${words} in:\n${said}`)
	assert.match(said, /1\d\d\*{4}\d{4}/)
	assert.doesNotMatch(said, /客户有点着急|\b1\d{10}\b/)

	await page.emulateMedia({ media: 'print' })
	assert.equal(await page.getByRole('button', { name: '打印' }).isVisible(), false)
	const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
	assert.equal(paper.match(/\/Type \/Page\b(?!s)/g)?.length, 1)
	const [, wide, high] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(paper)
	assert.deepEqual([Math.round(wide), Math.round(high)], [595, 842])
	assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('main')).backgroundColor), 'rgb(255, 255, 255)')
	await desk.close()
})

test('the printing button prints', async () => {
	const { ticket } = job
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.addInitScript(() => (window.print = () => (window.asked = true)))
	await desk.page.goto(at(`/ticket/${ticket.id}/print`))
	await desk.page.getByRole('button', { name: '打印' }).click()
	assert.equal(await desk.page.evaluate(() => window.asked), true)
	await desk.page.getByRole('button', { name: '返回服务单' }).click()
	await desk.page.locator('.actions').waitFor()
	await desk.close()
})
