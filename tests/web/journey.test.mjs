/* A working day without the mouse: list, ticket, reply, assignment, a rule, the wall; each page looked at by axe, at last dark and as narrow as a phone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { tabTo } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function find(page, words, name) {
	await page.keyboard.press('Control+k')
	await page.getByRole('combobox', { name: '搜索' }).waitFor()
	await page.keyboard.type(words)
	const line = page.getByRole('option', { name })
	await line.first().waitFor()
	while ((await line.first().getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
	await page.keyboard.press('Enter')
}

test('a day by keyboard alone', async () => {
	const customer = await api('POST', '/customer', { name: '周婷', phone: `136${String(Date.now()).slice(-8)}` })
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '冰箱怎么调温度' })
	const rule = await api('POST', '/rule', { name: `键盘${ticket.no}`, object: 'ticket', state: 'draft', events: ['created'], actions: [] })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.locator('tbody tr', { hasText: ticket.no }).waitFor()
	for (const key of ['g', 't', 'j']) await page.keyboard.press(key)
	assert.deepEqual(await axe(page), [])

	await find(page, ticket.no, new RegExp(ticket.no))
	await page.waitForURL(new RegExp(`/ticket/${ticket.id}$`))
	await page.getByRole('heading', { name: '冰箱怎么调温度' }).waitFor()
	await page.locator('form.compose textarea').waitFor()
	await page.keyboard.press('r')
	await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
	await page.keyboard.type('按住温度键三秒')
	await page.keyboard.press('Control+Enter')
	await page.getByText('按住温度键三秒', { exact: true }).last().waitFor()
	assert.deepEqual(await axe(page), [])
	await page.locator('#main').focus()
	await tabTo(page, '指派')
	await page.keyboard.press('Enter')
	await page.getByRole('dialog').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Escape')

	await find(page, `键盘${ticket.no}`, new RegExp(`键盘${ticket.no}`))
	await page.waitForURL(new RegExp(`/rule/${rule.id}$`))
	assert.deepEqual(await axe(page), [])
	await find(page, '大屏', /主管大屏/)
	await page.waitForURL(/\/wall$/)
	await page.locator('.figure').first().waitFor()
	assert.deepEqual(await axe(page), [])

	await page.keyboard.press('Control+k')
	await page.getByRole('option', { name: new RegExp(ticket.no) }).first().waitFor()
	await page.keyboard.press('Escape')
	await find(page, '外观', /深色/)
	await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 390, height: 844 })
	assert.deepEqual(await axe(page), [])
	await desk.close()
})
