/* The live line is cut and comes back: the page says so, loses nothing, and nobody has to reload. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, openProgress, reportRepair, signIn, state } from './customer.mjs'
import { DESK, openContext } from './page.mjs'
import { openLine } from './proxy.mjs'
import { enterConsole, move, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('the customer sees what happened while the line was cut', async () => {
	const line = await openLine(process.env.ANXIN_URL)
	const phone = await openPhone(browser, { base: line.url })
	await signIn(phone, newNumber())
	const no = await reportRepair(phone, { words: '断线试验' })
	await openProgress(phone.page)
	await state(phone.page, '已收到')
	line.cut()
	await phone.page.getByText('连接中断，正在重连').waitFor()
	await move(no, 'accept')
	await move(no, 'start')
	line.mend()
	await state(phone.page, '正在处理')
	await phone.page.getByText('连接中断，正在重连').waitFor({ state: 'detached' })
	/* And it is live again, not only refreshed once. */
	await move(no, 'resolve', { steps: '远程指导', result: '已恢复正常' })
	await state(phone.page, '处理好了')
	await phone.close()
	await line.close()
})

test('the agent keeps what was typed, and the list of events has no gap', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	const no = await reportRepair(phone, { words: '坐席断线试验' })
	const { id } = await ticketByNumber(no)
	const line = await openLine(process.env.ANXIN_URL)
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page, undefined, line.url)
	await desk.page.goto(`${line.url}/ticket/${id}`)
	await desk.page.locator('.actions').waitFor()
	const typed = desk.page.locator('textarea').first()
	await typed.fill('正在写的回复')
	line.cut()
	await desk.page.getByText('连接中断').first().waitFor()
	await phone.go(`/ticket/${id}`)
	for (const words of ['第一条', '第二条', '第三条']) {
		await phone.page.getByRole('button', { name: '补充情况' }).last().click()
		await phone.page.locator('dialog textarea').fill(words)
		await phone.page.locator('dialog').getByRole('button', { name: '发送' }).click()
		await phone.page.locator('dialog').waitFor({ state: 'detached' })
	}
	line.mend()
	for (const words of ['第一条', '第二条', '第三条']) {
		await desk.page.getByText(words, { exact: true }).first().waitFor()
		assert.equal(await desk.page.getByText(words, { exact: true }).count(), 1, `${words} once`)
	}
	assert.equal(await typed.inputValue(), '正在写的回复')
	await desk.close()
	await phone.close()
	await line.close()
})
