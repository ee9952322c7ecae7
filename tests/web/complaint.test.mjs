/* A complaint with approval, as new users try it: from the customer's phone to a loop that is closed within three days. The supervisor
 * works at a desk, another supervisor decides, by keyboard alone: no administrator is needed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, openProgress, sendReport, signIn, state } from './customer.mjs'
import { axe, DESK, openContext, settled, smallTargets } from './page.mjs'
import { accountOf, api, at, enterConsole, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

const OTHER = '赵敏'

/* A second supervisor beside the demo's one: of her role, her team and her region. */
async function anotherSupervisor() {
	const { items: [first] } = await api('GET', `/user?filter=${encodeURIComponent(JSON.stringify([['account', '=', 'chenli']]))}`)
	const account = `zhaomin_${Date.now() % 1_000_000}`, password = 'a-password-of-hers'
	const given = Object.fromEntries(['role_id', 'team_id', 'region_id'].filter((name) => first[name]).map((name) => [name, first[name]]))
	const { id } = await api('POST', '/user', { account, name: OTHER, ...given })
	await api('POST', `/user/${id}/password`, { password })
	return { account, password }
}

let browser
let phone
let desk
let second
before(async () => {
	browser = await launch()
	phone = await openPhone(browser)
	desk = await openContext(browser, DESK)
	second = await openContext(browser, DESK)
	await enterConsole(desk.page, accountOf('chenli'))
	await enterConsole(second.page, await anotherSupervisor())
})
after(async () => {
	for (const one of [phone.context, desk, second]) await one.close()
	await browser.close()
})

const planCard = () => desk.page.getByRole('region', { name: '补偿方案' })
const waiting = async (page) => Number((await page.locator('.rail .n').allInnerTexts())[0] ?? 0)

/* Fills the plan's form by its labels, as a person reads them. */
async function writePlan(values, cause) {
	const { page } = desk
	await planCard().getByRole('button', { name: '写方案' }).click()
	const dialog = page.getByRole('dialog')
	for (const [label, value] of Object.entries(values)) {
		await dialog.getByLabel(label).fill(value)
		await dialog.getByLabel(label).press('Tab')
	}
	await dialog.getByLabel('理由').fill(cause)
	return dialog
}

test('a complaint with approval, closed within three days', async () => {
	const { page } = desk

	/* The customer complains on her phone. */
	await signIn(phone, newNumber())
	await phone.go('/report/complaint')
	await phone.page.locator('#problem textarea').fill('师傅两次约好都没来，客服还说不归他管')
	for (const group of await phone.page.locator('fieldset:has(label.chip)').all()) await group.locator('label.chip').first().click()
	const no = await sendReport(phone.page)
	await openProgress(phone.page)
	await state(phone.page, '已收到')
	const ticket = await ticketByNumber(no)

	/* The supervisor's call within the hour: a task that the rule made, done on the ticket's page. */
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.getByRole('button', { name: '受理', exact: true }).click()
	await page.getByRole('button', { name: '开始处理', exact: true }).waitFor()
	const task = page.getByRole('link', { name: '主管致电投诉客户' })
	await task.waitFor()
	const [call] = (await api('GET', `/task?condition=${encodeURIComponent(`ticket_id = ${ticket.id} and kind = complaint_call`)}`)).items
	assert.ok(call.due_at - ticket.created_at <= 3_600_000 + 60_000, 'within the hour')
	await task.click()
	await page.getByRole('button', { name: '完成', exact: true }).click()
	await page.getByRole('dialog').getByLabel('通话结果').selectOption('已联系上，客户满意')
	await page.getByRole('dialog').getByLabel(/^结果/).fill('已致电道歉，答应今天给补偿方案')
	await page.keyboard.press('Control+Enter')
	await page.getByText('已完成').first().waitFor()

	/* A plan over the limit: the form says so before it is sent, with whom to ask. */
	const before = await waiting(second.page)
	await page.goto(at(`/ticket/${ticket.id}`))
	const dialog = await writePlan({ 优惠券: '100', 退款: '150' }, '两次失约，耽误客户两天')
	await dialog.getByText('合计 ¥250.00').waitFor()
	await dialog.getByText('超过单人限额 ¥200.00，须由另一人批准').waitFor()
	assert.deepEqual(await axe(page), [])
	await dialog.getByLabel('请谁审批').selectOption({ label: OTHER })
	await dialog.getByRole('button', { name: '提交' }).click()

	/* Who proposed it can not approve it, and reads why. */
	await planCard().getByText(/您提出或修改过这个方案.+须由另一人批准/).waitFor()
	await planCard().getByText(new RegExp(`可以批准的人：.*${OTHER}`)).waitFor()
	assert.equal(await planCard().getByRole('button', { name: '批准', exact: true }).count(), 0)
	assert.deepEqual(await axe(page), [])
	await page.goto(at('/approval'))
	await page.locator('.loading').first().waitFor({ state: 'detached' })
	await settled(page)
	assert.equal(await page.getByText('两次失约，耽误客户两天').count(), 0, 'it waits for another')
	await page.getByRole('button', { name: '我提出的' }).click()
	await page.getByText('两次失约，耽误客户两天').waitFor()
	const [plan] = (await api('GET', `/compensation?condition=${encodeURIComponent(`ticket_id = ${ticket.id}`)}`)).items
	const refused = await page.evaluate(({ id, version }) => fetch(`/api/v1/compensation/${id}/action/approve`, {
		method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `k${Date.now()}` }, body: JSON.stringify({ version }),
	}).then((reply) => reply.json()), plan)
	assert.equal(refused.error.code, 'second_person')

	/* Nothing of it is the customer's business yet. */
	await phone.page.reload()
	await state(phone.page, '')
	assert.doesNotMatch(await phone.page.locator('body').innerText(), /补偿|优惠券|退款/)

	/* The second person: told by a notice and by the count, approves without the mouse. */
	await second.page.waitForFunction((was) => Number(document.querySelector('.rail .n')?.textContent ?? 0) === was + 1, before)
	await second.page.getByRole('button', { name: /^通知/ }).click()
	await second.page.getByText(`陈立请您审批 ${no} 的补偿方案`).first().waitFor()
	await second.page.keyboard.press('Escape')
	await second.page.locator('#main').focus()
	await second.page.keyboard.press('g')
	await second.page.keyboard.press('a')
	await second.page.getByRole('heading', { name: '审批' }).waitFor()
	const row = second.page.locator('.list > li', { hasText: '两次失约' })
	await row.waitFor()
	for (let n = 0; n < 20 && (await row.getAttribute('aria-current')) !== 'true'; n++) await second.page.keyboard.press('j')
	await row.getByRole('button', { name: '批准', exact: true }).waitFor()
	assert.deepEqual(await axe(second.page), [])
	await second.page.keyboard.press('y')
	await second.page.getByRole('dialog').getByLabel('原因').fill('同意')
	await second.page.keyboard.press('Control+Enter')
	await row.waitFor({ state: 'detached' })
	await second.page.waitForFunction((was) => Number(document.querySelector('.rail .n')?.textContent ?? 0) === was, before)

	/* Carried out by the supervisor; the customer reads what she gets. */
	await page.goto(at(`/ticket/${ticket.id}`))
	await planCard().getByText(`${OTHER}批准`).waitFor()
	await planCard().getByRole('button', { name: '执行', exact: true }).click()
	await planCard().getByText('待发放').first().waitFor()
	await phone.page.getByRole('heading', { name: '给您的补偿' }).waitFor()
	const card = await phone.page.locator('.card', { hasText: '给您的补偿' }).innerText()
	for (const words of ['优惠券 ¥100.00', '退款 ¥150.00', '正在发放']) assert.ok(card.includes(words), `${words} in:\n${card}`)
	assert.deepEqual(await axe(phone.page), [])
	assert.deepEqual(await smallTargets(phone.page), [])

	/* Solved, confirmed, closed. */
	await page.getByRole('button', { name: '开始处理', exact: true }).click()
	await page.getByRole('button', { name: '完成处理', exact: true }).click()
	await page.getByRole('dialog').getByLabel('处理步骤').fill('致电道歉，重新预约，补偿已办')
	await page.getByRole('dialog').getByLabel('处理结果').fill('客户接受补偿')
	await page.keyboard.press('Control+Enter')
	await phone.page.getByRole('button', { name: '确认解决' }).click()
	await phone.page.getByRole('dialog').getByRole('button', { name: '确认解决' }).click()
	await page.locator('[aria-current=step]', { hasText: '关闭' }).or(page.locator('.steps .done', { hasText: '关闭' })).first().waitFor()
	const closed = await ticketByNumber(no)
	assert.equal(closed.state, 'closed')
	assert.ok(closed.closed_at - closed.created_at < 3 * 86_400_000)

	/* On paper: what was given, not how it was decided. */
	await page.goto(at(`/ticket/${ticket.id}/print`))
	await page.getByRole('heading', { name: '补偿' }).waitFor()
	const paper = await page.locator('main').innerText()
	assert.match(paper, /退款 ¥150\.00/)
	assert.doesNotMatch(paper, /提出补偿方案|已批准/)
})

test('a plan within the limit is written, changed, refused and withdrawn', async () => {
	const { page } = desk
	const customer = await api('POST', '/customer', { name: '周婷', phone: newNumber() })
	const ticket = await api('POST', '/ticket', { scene: 'complaint', customer_id: customer.id, text: '收费和说好的不一样' })
	await page.goto(at(`/ticket/${ticket.id}`))
	const dialog = await writePlan({ 优惠券: '50' }, '多收的上门费')
	await dialog.getByText('在单人限额 ¥200.00 之内').waitFor()
	await dialog.getByRole('button', { name: '提交' }).click()
	await planCard().getByRole('button', { name: '批准', exact: true }).waitFor()
	await planCard().getByRole('button', { name: '修改' }).click()
	await page.getByRole('dialog').getByLabel('优惠券').fill('60')
	await page.getByRole('dialog').getByLabel('优惠券').press('Tab')
	await page.getByText('合计 ¥60.00').waitFor()
	await page.keyboard.press('Control+Enter')
	await planCard().getByText('¥60.00').first().waitFor()

	await second.page.goto(at('/approval?for=anybody'))
	const row = second.page.locator('.list > li', { hasText: '多收的上门费' })
	await row.click()
	await row.getByRole('button', { name: '不批准' }).click()
	await second.page.getByRole('dialog').getByLabel('原因').fill('先核对收费')
	await second.page.keyboard.press('Control+Enter')
	await row.waitFor({ state: 'detached' })
	await planCard().getByText(`${OTHER}不批准`).waitFor()
	await planCard().getByText('先核对收费').waitFor()

	await writePlan({ 优惠券: '10' }, '先给一点')
	await page.keyboard.press('Control+Enter')
	await planCard().getByText('先给一点').waitFor()
	await planCard().getByRole('button', { name: '撤回' }).first().click()
	await page.getByRole('dialog').getByLabel('原因').fill('客户不要')
	await page.keyboard.press('Control+Enter')
	await planCard().getByText('已撤回').waitFor()
})
