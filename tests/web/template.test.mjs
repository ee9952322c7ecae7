/* Templates: written in both languages beside a real ticket, put into a reply by slash, keyboard and button, sent by a rule. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
let desk
let page
const stamp = String(Date.now() % 1_000_000)
before(async () => {
	browser = await launch()
	desk = await openContext(browser, DESK)
	page = desk.page
	await enterConsole(page)
})
after(async () => {
	await desk.close()
	await browser.close()
})

const go = (path) => page.goto(`${process.env.ANXIN_URL}${path}`)
const button = (name) => page.getByRole('button', { name, exact: true })
let people = 0
async function file(name, lang, text) {
	const customer = await api('POST', '/customer', { name, lang, phone: `136${String(Date.now()).slice(-7)}${people++ % 10}` })
	return api('POST', '/ticket', { scene: 'repair', customer_id: customer.id, text })
}
async function until(ask, what) {
	for (let tries = 0; tries < 200; tries++) {
		if (await ask()) return
		await page.waitForTimeout(50)
	}
	throw new Error(`it does not happen: ${what}`)
}
const talk = async (ticket) => (await api('GET', `/ticket/${ticket.id}/timeline?kind=talk`)).items.map((e) => e.text)

test('a template in both languages: example, a fault at its place, a variable pressed, a ticket beside it', async () => {
	const ticket = await file('陈晓', 'zh', '冰箱有异响，请来看看')
	await go('/template')
	await page.getByRole('link', { name: '新建消息模板' }).or(button('新建消息模板')).first().click()
	await button('受理确认').click()
	await page.getByRole('region', { name: '中文预览' }).getByText('王小明，您好').waitFor()
	await page.getByLabel('名称', { exact: true }).fill(`受理 ${stamp}`)
	const zh = page.getByLabel('中文内容')
	const en = page.getByLabel('英文内容')
	await zh.fill('{{customer.nam}}，您好')
	await page.getByText('第 3 个字：没有这个变量：customer.nam').waitFor()
	await button('保存').click()
	await page.waitForFunction(() => document.querySelector('textarea[aria-invalid="true"]'))
	assert.equal((await api('GET', `/template?condition=${encodeURIComponent(`name = "受理 ${stamp}"`)}`)).items.length, 0)
	await zh.fill('您好，')
	await button('客户姓名').click()
	await page.keyboard.type('，单号 {{ticket.no}}，型号 {{device.model|稍后确认}}。')
	await en.fill('Dear {{customer.name|customer}}, ticket {{ticket.no}}.')
	await page.getByLabel('用一张服务单预览').fill(ticket.no)
	await page.getByRole('option', { name: ticket.no }).click()
	await page.getByRole('region', { name: '中文预览' }).getByText(`您好，陈*，单号 ${ticket.no}，型号 稍后确认。`).waitFor()
	await page.getByRole('region', { name: '英文预览' }).getByText(`Dear 陈*, ticket ${ticket.no}.`).waitFor()
	assert.deepEqual(await axe(page), [])
	await button('保存').click()
	await page.waitForURL(/\/template\/\d+$/)
	await button('变更历史').waitFor()
	assert.deepEqual(await axe(page), [])
})

test('in a reply: a slash where a line begins, Ctrl ; and the button; in the language of the customer', async () => {
	const ticket = await file('陈晓', 'en', 'The fridge makes a noise')
	await until(async () => (await api('GET', `/template?q=${stamp}`)).items.length === 1, 'found by its name')
	await go(`/ticket/${ticket.id}`)
	const box = page.getByLabel('回复客户', { exact: true }).and(page.locator('textarea'))
	await box.fill('1/2 ')
	await page.keyboard.type('/')
	assert.equal(await page.getByRole('dialog', { name: '选择模板' }).count(), 0, 'not within a line')
	await box.fill('')
	await box.press('/')
	const picker = page.getByRole('dialog', { name: '选择模板' })
	await picker.waitFor()
	await page.keyboard.press('Escape')
	assert.equal(await box.inputValue(), '/')
	await box.fill('')
	await box.press('/')
	await picker.waitFor()
	await page.keyboard.type(stamp)
	await picker.getByRole('option').getByText(`受理 ${stamp}`).waitFor()
	await picker.getByRole('option').nth(1).waitFor({ state: 'detached' })
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Enter')
	const expected = `Dear 陈晓, ticket ${ticket.no}.`
	await page.waitForFunction((text) => document.activeElement.value === text, expected)
	await page.keyboard.type(' See you.')
	await page.keyboard.press('Control+Enter')
	await until(async () => (await talk(ticket))[0] === `${expected} See you.`, 'sent')
	await page.keyboard.press('Control+;')
	await picker.waitFor()
	await page.keyboard.press('Escape')
	await button('模板').click()
	await picker.waitFor()
	await picker.getByRole('combobox').fill(stamp)
	await picker.getByRole('option').nth(1).waitFor({ state: 'detached' })
	await picker.getByRole('option').getByText(`受理 ${stamp}`).click()
	await page.waitForFunction((text) => document.activeElement.value === text, expected)
})

test('by a rule: tried with the text shown, published, sent once', async () => {
	const before = await file('陈晓', 'zh', `异响 ${stamp}，请来看看`)
	await go('/rule/new')
	await page.getByLabel('名称', { exact: true }).fill(`自动受理 ${stamp}`)
	await button('条件').click()
	await button('改成文字').click()
	await page.locator('textarea').first().fill(`title contains "${stamp}"`)
	await page.getByText(/符合 1 条/).waitFor()
	await button('加一个动作').click()
	const action = page.getByRole('listitem', { name: '第 1 个动作' })
	await action.getByLabel('动作', { exact: true }).selectOption({ label: '用模板发消息给客户' })
	await action.getByLabel('模板').fill(stamp)
	await page.getByRole('option', { name: `受理 ${stamp}` }).click()
	await action.getByLabel('怎样通知客户').selectOption({ label: '短信直接发送内容' })
	await button('在最近 100 个事件上试').click()
	await page.getByText(`您好，陈*，单号 ${before.no}，型号 稍后确认。`).waitFor()
	assert.deepEqual(await axe(page), [])
	await button('发布规则').click()
	await page.waitForURL(/\/rule\/\d+$/)
	const ticket = await file('陈晓', 'zh', `异响 ${stamp}，请来看看`)
	const expected = `您好，陈晓，单号 ${ticket.no}，型号 稍后确认。`
	await until(async () => (await talk(ticket)).length > 0, 'sent by the rule')
	assert.deepEqual(await talk(ticket), [expected])
	const sent = (await api('GET', '/outbox?sort=-created_at&limit=5')).items.filter((one) => one.template === 'ticket_message')
	assert.ok(sent[0].body.endsWith(expected))
	await go(`/ticket/${ticket.id}`)
	await page.getByText(expected).waitFor()
	await go(new URL(page.url()).pathname)
})

test('by a macro, made by mouse from an example', async () => {
	const ticket = await file('陈晓', 'zh', '漏水，请来看看')
	await go('/macro/new')
	await button('受理并回复').click()
	await page.getByLabel('名称', { exact: true }).fill(`回复 ${stamp}`)
	const second = page.getByRole('listitem', { name: '第 2 个动作' })
	await button('保存').click()
	await second.getByRole('alert').waitFor()
	await second.getByLabel('模板').fill(stamp)
	await page.getByRole('option', { name: `受理 ${stamp}` }).click()
	assert.deepEqual(await axe(page), [])
	await button('保存').click()
	await page.waitForURL(/\/macro\/\d+$/)
	await go(`/ticket?condition=${encodeURIComponent(`no = "${ticket.no}"`)}`)
	await page.locator('tbody tr input[type=checkbox]').first().check()
	await button('宏').click()
	await button(`回复 ${stamp}`).click()
	await page.getByText('已处理 1 条').waitFor()
	assert.deepEqual(await talk(ticket), [`您好，陈晓，单号 ${ticket.no}，型号 稍后确认。`])
	assert.equal((await api('GET', `/ticket/${ticket.id}`)).state, 'accepted')
})
