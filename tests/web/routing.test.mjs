/* She waits and sees her place; who comes free gets her; the supervisor whispers; a ticket in one click; handed over with a note. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bubble } from './chat.mjs'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { until } from './desk.mjs'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { accountOf, api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

const stamp = `排队${Date.now()}`
let browser, queue, boss, agent, phone

async function open(account, path) {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page, account)
	await desk.page.goto(at(path))
	return desk
}

before(async () => {
	browser = await launch()
	const linxiao = (await api('GET', '/user?limit=100')).items.find((u) => u.account === 'linxiao')
	queue = await api('POST', '/chat_queue', { name: `测试队列${stamp.slice(-6)}`, team_id: linxiao.team_id, place: 0, condition: `customer.note = "${stamp}"` })
	const number = newNumber()
	await api('POST', '/customer', { name: '赵小满', phone: number, note: stamp })
	phone = await openPhone(browser)
	await signIn(phone, number)
	boss = await open(accountOf('admin'), '/desk/floor')
	agent = await open(accountOf('linxiao'), '/desk')
})
after(async () => {
	await api('POST', `/chat_queue/${queue.id}/archive`, { version: (await api('GET', `/chat_queue/${queue.id}`)).version })
	for (const one of [phone, boss, agent]) await one?.close()
	await browser.close()
})

test('from the line to the hand-over', async () => {
	await phone.go('/talk')
	await phone.page.locator('#talk-text').fill(`洗衣机漏水，想投诉 ${stamp}`)
	await phone.page.keyboard.press('Enter')
	await phone.page.getByText('您是第 1 位').waitFor()
	assert.deepEqual(await axe(phone.page), [])

	/* The hall, by keyboard alone. */
	await boss.page.locator('a[data-talk]', { hasText: stamp }).waitFor()
	assert.deepEqual(await axe(boss.page), [])
	await agent.page.getByRole('button', { name: '开始接待' }).click()
	await agent.page.locator('a.row', { hasText: stamp }).waitFor()
	await phone.page.getByText('客服正在和您沟通').waitFor()
	assert.deepEqual(await axe(agent.page), [])

	const served = boss.page.locator('.hers a[data-talk]', { hasText: stamp })
	await served.waitFor()
	await boss.page.locator('#main').focus()
	await until(async () => {
		if (await served.evaluate((el) => el === document.activeElement)) return true
		await boss.page.keyboard.press('j')
		return false
	}, 'J goes down to it')
	await boss.page.keyboard.press('Enter')
	await boss.page.waitForURL(/\/desk\/\d+/)
	await boss.page.getByRole('button', { name: '悄悄话' }).click()
	await boss.page.locator('.say textarea').fill('先道歉，再约上门')
	await boss.page.keyboard.press('Enter')
	await boss.page.locator('.message.whisper', { hasText: '先道歉' }).waitFor()

	await agent.page.locator('a.row', { hasText: stamp }).click()
	await agent.page.locator('.message.whisper', { hasText: '先道歉' }).waitFor()
	await agent.page.locator('.say textarea').fill('给您添麻烦了，马上为您登记')
	await agent.page.keyboard.press('Enter')
	await bubble(phone.page, '添麻烦').waitFor()
	assert.equal(await phone.page.locator('.bubble', { hasText: '先道歉' }).count(), 0)

	/* She barges in, as herself, and takes it from nobody. */
	await boss.page.getByRole('button', { name: '回复客户' }).click()
	await boss.page.locator('.say textarea').fill('我是主管，这件事我来跟进')
	await boss.page.keyboard.press('Enter')
	await bubble(phone.page, '我是主管').waitFor()
	await bubble(agent.page, '我是主管').waitFor()
	await agent.page.locator('a.row[aria-current]', { hasText: stamp }).or(agent.page.locator('a.row', { hasText: '我是主管' })).first().waitFor()

	/* A slash where a line begins offers the company's texts. */
	await agent.page.locator('.say textarea').press('/')
	await agent.page.getByRole('dialog', { name: '选择模板' }).waitFor()
	await agent.page.keyboard.press('Escape')
	await agent.page.locator('.say textarea').fill('')

	await agent.page.getByRole('button', { name: '生成服务单' }).click()
	const link = agent.page.getByRole('link', { name: /服务单 SR/ })
	await link.waitFor()
	const id = (await link.getAttribute('href')).split('/').at(-1)
	const ticket = await api('GET', `/ticket/${id}`)
	assert.equal(ticket.scene, 'complaint')
	assert.match(ticket.description, /洗衣机漏水/)

	await agent.page.locator('.actions').getByRole('button', { name: '转接', exact: true }).click()
	const dialog = agent.page.getByRole('dialog')
	await dialog.getByRole('combobox').first().fill('chenli')
	await dialog.getByRole('option').first().click()
	await dialog.getByLabel('交接说明').fill('客户要书面答复')
	await dialog.getByRole('button', { name: '转接' }).click()
	const note = boss.page.locator('.message.internal', { hasText: '客户要书面答复' })
	await note.waitFor()
	assert.match(await note.innerText(), /在办服务单：SR/)
	assert.equal(await phone.page.locator('.bubble', { hasText: '书面答复' }).count(), 0)
	assert.deepEqual(await axe(boss.page), [])

	await agent.page.getByRole('button', { name: '停止接待' }).click()
	await agent.page.getByRole('button', { name: '开始接待' }).waitFor()
})

test('the hall is narrow on a phone and dark at night', async () => {
	await boss.page.emulateMedia({ colorScheme: 'dark' })
	await boss.page.setViewportSize({ width: 390, height: 844 })
	await boss.page.goto(at('/desk/floor'))
	await boss.page.locator('table').waitFor()
	assert.deepEqual(await axe(boss.page), [])
	assert.equal(await isWide(boss.page), false)
})
