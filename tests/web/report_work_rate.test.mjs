/* The spine: a customer reports on the phone, an agent works in the console, the customer follows live, confirms and rates. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, openProgress, reportRepair, signIn, state } from './customer.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { at, enterConsole, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/* A move of the flow by its button; dialogs are filled from `fields`, label → text. */
async function press(page, label, fields = null) {
	await page.getByRole('group', { name: '可以做的' }).or(page.locator('.actions')).first().getByRole('button', { name: label, exact: true }).click()
	if (!fields) return
	const dialog = page.getByRole('dialog')
	for (const [name, text] of Object.entries(fields)) await dialog.getByLabel(name).fill(text)
	await dialog.getByRole('button', { name: label, exact: true }).click()
	await dialog.waitFor({ state: 'detached' })
}

test('report → work → rate', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	const no = await reportRepair(phone, { words: '冷藏室后壁整块结冰，菜都冻坏了' })
	assert.match(no, /^SR20\d{6}\d{3,}$/)
	await openProgress(phone.page)
	await state(phone.page, '已收到')

	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at(`/ticket/${(await ticketByNumber(no)).id}`))
	await desk.page.getByText('冷藏室后壁整块结冰').first().waitFor()

	await press(desk.page, '受理')
	await state(phone.page, '已受理')
	await press(desk.page, '开始处理')
	await state(phone.page, '正在处理')

	await desk.page.locator('textarea').first().fill('请先断电化霜八小时，再插上看看。')
	await desk.page.keyboard.press('Control+Enter')
	await phone.page.getByText('请先断电化霜八小时').waitFor()

	await press(desk.page, '完成处理', { 处理步骤: '断电化霜，检查化霜传感器', 处理结果: '化霜传感器重新插紧，温度正常' })
	await state(phone.page, '处理好了')
	await phone.page.getByText('化霜传感器重新插紧').waitFor()

	await phone.page.getByRole('button', { name: '确认解决' }).click()
	await phone.page.getByRole('dialog').getByRole('button', { name: '确认解决' }).click()
	await phone.page.getByRole('radio', { name: '满意', exact: true }).click()
	await phone.page.locator('label.chip', { hasText: '好' }).first().click()
	await phone.page.locator('textarea').fill('回得很快')
	await phone.page.getByRole('button', { name: '提交评价' }).click()
	await state(phone.page, '已完成')
	await phone.page.getByText('回得很快').waitFor()

	const ticket = await ticketByNumber(no)
	assert.deepEqual([ticket.state, ticket.rating], ['closed', 'satisfied'])
	await desk.close()
	await phone.close()
})

test('not solved: the same number is worked on again', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	const no = await reportRepair(phone, { words: '还是不停结冰' })
	await openProgress(phone.page)
	const { move } = await import('./staff.mjs')
	await move(no, 'accept')
	await move(no, 'resolve', { steps: '电话指导', result: '已恢复' })
	await state(phone.page, '处理好了')
	await phone.page.getByRole('button', { name: '还没好' }).click()
	await phone.page.locator('dialog textarea').fill('一晚上又冻上了')
	await phone.page.getByRole('button', { name: '重新处理' }).click()
	await state(phone.page, '还没解决')
	const ticket = await ticketByNumber(no)
	assert.deepEqual([ticket.state, ticket.reopen_count], ['working', 1])
	await phone.close()
})

test('not solved: it goes on by a new plan, with a time that the customer reads', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	const no = await reportRepair(phone, { words: '化霜后又结冰' })
	await openProgress(phone.page)
	const { move } = await import('./staff.mjs')
	await move(no, 'accept')
	const { id } = await move(no, 'resolve', { steps: '电话指导', result: '已恢复' })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/ticket/${id}`))
	await state(phone.page, '处理好了')
	await phone.page.getByRole('button', { name: '还没好' }).click()
	await phone.page.locator('dialog textarea').fill('一晚上又冻上了')
	await phone.page.getByRole('button', { name: '重新处理' }).click()

	const card = page.getByRole('region', { name: '新方案' })
	await card.getByText('第 1 次重新打开，先写新方案').waitFor()
	assert.equal(await page.getByRole('button', { name: '完成处理', exact: true }).count(), 0)
	assert.deepEqual(await axe(page), [])
	await card.getByLabel('这次怎么处理').fill('明天上门换化霜传感器')
	await card.getByRole('button', { name: '2 小时内' }).focus()
	await page.keyboard.press('Enter')
	await card.getByLabel('这次怎么处理').press('Control+Enter')
	await card.getByText(/^承诺 .+ 前$/).waitFor()
	await page.getByRole('button', { name: '完成处理', exact: true }).waitFor()
	assert.deepEqual(await axe(page), [])

	await phone.page.getByRole('heading', { name: '新方案' }).waitFor()
	const told = await phone.page.locator('.card', { hasText: '新方案' }).first().innerText()
	assert.match(told, /明天上门换化霜传感器/)
	assert.match(told, /承诺 \d\d-\d\d .+ 前做好/)
	assert.deepEqual(await axe(phone.page), [])
	await desk.close()
	await phone.close()
})
