/* A forbidden word is told before it goes; what a conversation owes is hinted; a result is reviewed, appealed and decided by another; report and rules; by keyboard, narrow and dark. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bubble } from './chat.mjs'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { api, at, enterConsole, hire } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
const AGENT = ['conversation.read', 'conversation.work', 'conversation.assign', 'customer.read', 'user.read', 'quality.own', 'ticket.read', 'ticket.work']
const person = async (rights) => {
	const who = await hire(rights)
	const desk = await openContext(page.context().browser(), DESK)
	await enterConsole(desk.page, who)
	return desk
}
async function write(phone, text) {
	await phone.page.locator('#talk-text').fill(text)
	await phone.page.keyboard.press('Enter')
	await bubble(phone.page, text).waitFor()
}
async function conversationOf(stamp) {
	return until(async () => (await api('GET', '/conversation?limit=20')).items.find((k) => k.title.includes(stamp)), 'the conversation is there')
}

test('from a forbidden word to an appeal that another person grants', async () => {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	const stamp = `异响${Date.now().toString(36)}`
	await write(phone, `洗衣机${stamp}`)
	const { id } = await conversationOf(stamp)

	const agent = await person(AGENT)
	await agent.page.goto(at(`/desk/${id}`))
	const line = agent.page.locator('.say textarea')
	await line.fill('您好，这个不归我管')
	await agent.page.keyboard.press('Enter')
	const caution = agent.page.getByRole('alert').filter({ hasText: '含有禁用语：不归我管' })
	await caution.waitFor()
	assert.deepEqual(await axe(agent.page), [])
	assert.equal(await bubble(phone.page, '不归我管').count(), 0, 'nothing has gone')
	await caution.getByRole('button', { name: '修改' }).focus()
	await agent.page.keyboard.press('Enter')
	await caution.waitFor({ state: 'detached' })
	assert.equal(await line.evaluate((el) => el === document.activeElement), true)
	await agent.page.keyboard.press('Enter')
	await caution.getByRole('button', { name: '仍要发送' }).focus()
	await agent.page.keyboard.press('Enter')
	await bubble(phone.page, '不归我管').waitFor()
	await line.fill('稍等，给您转接同事')
	await agent.page.keyboard.press('Enter')
	await bubble(phone.page, '给您转接同事').waitFor()
	assert.equal(await agent.page.locator('.caution').count(), 0, 'what is well goes at once')
	await line.fill('感谢您的来访')
	await agent.page.keyboard.press('Enter')
	await bubble(phone.page, '感谢您的来访').waitFor()
	await api('POST', `/conversation/${id}/action/close`, { version: (await api('GET', `/conversation/${id}`)).version })
	await phone.page.getByText('本次咨询已结束').waitFor()
	const result = await until(async () => (await api('GET', `/quality?condition=${encodeURIComponent(`conversation_id = ${id}`)}`)).items[0], 'it is inspected')
	assert.equal(result.score, 80)

	await page.goto(at(`/quality/${result.id}`))
	await page.locator('.found .text', { hasText: '不归我管' }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '属实' }).waitFor()
	await page.getByLabel('评语').fill('推诿，应主动转接')
	await page.getByLabel('最终得分').fill('70')
	await page.getByRole('button', { name: '提交复核' }).focus()
	await page.keyboard.press('Enter')
	await page.getByText('已复核，结果已告知客服').waitFor()
	await page.locator('.number.bad', { hasText: '70' }).waitFor()

	await agent.page.goto(at('/quality/mine'))
	await agent.page.locator('.row', { hasText: stamp }).click()
	await agent.page.getByText('推诿，应主动转接').waitFor()
	assert.deepEqual(await axe(agent.page), [])
	await agent.page.getByLabel('申诉理由').fill('随后已为客户转接')
	await agent.page.getByRole('button', { name: '提交申诉' }).click()
	await agent.page.getByText('申诉已提交').waitFor()

	await page.reload()
	await page.getByText('申诉由复核人以外、有处理权限的人处理').waitFor()
	assert.equal(await page.getByRole('button', { name: '提交处理结果' }).count(), 0, 'who reviewed it does not decide')
	const other = await person(['conversation.read', 'customer.read', 'user.read', 'quality.read', 'quality.review', 'quality.decide', 'quality_rule.read'])
	await other.page.goto(at(`/quality/${result.id}`))
	await other.page.getByText('随后已为客户转接').waitFor()
	await other.page.getByRole('button', { name: '误判' }).click()
	await other.page.getByRole('button', { name: '申诉成立' }).click()
	await other.page.getByLabel('答复客服').fill('已转接，撤销扣分')
	assert.deepEqual(await axe(other.page), [])
	await other.page.getByRole('button', { name: '提交处理结果' }).click()
	await other.page.getByText('申诉已处理，结果已告知客服').waitFor()
	await other.page.locator('.number', { hasText: '100' }).waitFor()
	await agent.page.goto(at('/quality/mine'))
	await agent.page.locator('.row', { hasText: stamp }).click()
	await agent.page.getByText('已转接，撤销扣分').waitFor()
	await agent.page.goto(at(`/quality/${result.id}`))
	await agent.page.locator('.page').getByText(/无权|没有权限|权限/).first().waitFor()
	assert.equal(await agent.page.locator('.said').count(), 0)
	for (const one of [phone, agent, other]) await one.close()
})

test('what a running conversation owes stands under it, quietly', async () => {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	const stamp = `E1${Date.now().toString(36)}`
	await write(phone, `How can I reset code ${stamp} please`)
	const { id } = await conversationOf(stamp)
	const rule = (await api('GET', '/quality_rule?limit=50')).items.find((r) => r.kind === 'language')
	const hint = async (on) => api('PATCH', `/quality_rule/${rule.id}`, { hint: on, version: (await api('GET', `/quality_rule/${rule.id}`)).version })
	await hint(true)
	await page.goto(at(`/desk/${id}`))
	await page.locator('.say textarea').fill('Hello, one moment please')
	await page.keyboard.press('Enter')
	await bubble(phone.page, 'one moment').waitFor()
	assert.equal(await page.locator('.hints').count(), 0, 'nothing is owed')
	await page.locator('.say textarea').fill('请长按电源键三秒')
	await page.keyboard.press('Enter')
	await page.locator('.hints', { hasText: '请用客户的语言答复' }).waitFor()
	assert.deepEqual(await axe(page), [])
	await hint(false)
	await phone.close()
})

test('the report counts what there is and leads to it', async () => {
	await page.goto(at('/quality/report'))
	await page.locator('.sums .number').first().waitFor()
	assert.deepEqual(await axe(page), [])
	const all = (await api('GET', `/quality?limit=1&total=1&condition=${encodeURIComponent('state != replaced')}`)).total
	assert.equal(Number(await page.locator('.sums .number').nth(2).innerText()), all)
	for (const by of ['小组', '渠道', '周']) {
		await page.getByRole('button', { name: by, exact: true }).click()
		await page.locator('thead th').first().filter({ hasText: by }).waitFor()
	}
	await page.getByRole('button', { name: '规则', exact: true }).click()
	await page.getByText('这段时间没有发现问题').waitFor()
	await page.getByRole('button', { name: '客服', exact: true }).click()
	await page.locator('tbody a').first().click()
	await page.waitForURL(/\/quality\?condition=/)
	await page.locator('tbody tr').first().waitFor()
	await page.goto(at('/quality/report'))
	await page.getByRole('button', { name: '导出' }).click()
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'XLSX' }).click()])
	assert.match(download.suggestedFilename(), /\.xlsx$/)
})

test('a rule is tried, published and taken back', async () => {
	await page.goto(at('/quality_rule/new'))
	await page.getByRole('button', { name: '推诿用语' }).click()
	const name = `推诿${Date.now()}`
	await page.getByLabel('名称', { exact: true }).fill(name)
	await page.getByRole('button', { name: '在最近 100 个会话上试用' }).click()
	await page.getByText(/个已结束的会话中/).waitFor()
	await page.locator('.found li', { hasText: '不归我管' }).first().waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '发布' }).click()
	await page.waitForURL(/\/quality_rule\/\d+/)
	await page.getByText('启用').first().waitFor()
	const id = page.url().match(/(\d+)$/)[1]
	await page.getByLabel('扣分').fill('9')
	await page.getByRole('button', { name: '保存' }).click()
	await until(async () => (await api('GET', `/quality_rule/${id}`)).weight === 9, 'it is kept')
	await page.getByRole('button', { name: '撤销' }).click()
	await until(async () => (await api('GET', `/quality_rule/${id}`)).weight === 20, 'it is taken back')
	await page.getByRole('button', { name: '停用' }).click()
	await until(async () => (await api('GET', `/quality_rule/${id}`)).state === 'off', 'it is off')
})

test('narrow and dark', async () => {
	const result = (await api('GET', '/quality?limit=1')).items[0]
	await page.emulateMedia({ colorScheme: 'dark' })
	await page.setViewportSize({ width: 390, height: 844 })
	for (const path of ['/quality/report', `/quality/${result.id}`, '/quality/mine', '/quality_rule/new']) {
		await page.goto(at(path))
		await page.locator('h1').first().waitFor()
		await until(async () => !(await page.locator('.loading, [aria-busy=true]').count()), `${path} has come`)
		assert.deepEqual(await axe(page), [], path)
		assert.equal(await isWide(page), false, path)
	}
	await page.setViewportSize({ width: 1440, height: 900 })
	await page.emulateMedia({ colorScheme: 'light' })
})
