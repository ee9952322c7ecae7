/* A template is given its form in WeChat; a customer shows on her phone page that a name there is hers, and is told there; what WeChat refuses goes by SMS, and the
 * outbox says why. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startServer } from './tools.mjs'
import { APP, openAccount, startWeChat } from './wechat_world.mjs'

const wechat = await startWeChat()
const server = await startServer(undefined, { more: ['--sms-gateway', wechat.sms] })
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
const { newNumber, openPhone, signIn } = await import('./customer.mjs')
const { atDesk, until } = await import('./desk.mjs')
const { axe, isWide } = await import('./page.mjs')
const { api, at } = await import('./staff.mjs')
const { launch } = await import('./tools.mjs')

let page
atDesk((opened) => { page = opened })
after(async () => {
	await server.end()
	wechat.end()
})
const button = (name) => page.getByRole('button', { name, exact: true })
const openid = `o${crypto.randomUUID().replaceAll('-', '')}`
const THEIRS = 'Tq_1-repair'
const name = `受理通知 ${Date.now() % 1_000_000}`
let account, customer

test('a template gets its form in WeChat from an example; what WeChat would refuse is said before it is kept, in both languages', async () => {
	account = await openAccount(wechat)
	await wechat.ask({ do: 'template', id: THEIRS, kind: 'template', keywords: ['character_string1', 'thing2', 'time3'] })
	await page.goto(at('/template/new'))
	await page.getByLabel('名称', { exact: true }).fill(name)
	await page.getByLabel('中文内容').fill('已受理 {{ticket.no}}')
	assert.equal(await page.getByLabel('微信模板 ID').count(), 0, 'nothing is asked while it has no form there')
	await button('填入示例').click()
	await page.getByLabel('公众号或小程序').locator('option:checked', { hasText: '安心服务号' }).waitFor({ state: 'attached' })
	await page.getByText('例：冰箱冷藏室不制冷').waitFor()
	await page.getByText('事物：20 个字以内').waitFor()
	assert.deepEqual(await axe(page), [])
	await button('保存').click()
	await page.getByText('不能为空').waitFor()
	await page.getByLabel('微信模板 ID').fill(THEIRS)
	await page.getByLabel('内容 3', { exact: true }).fill('明天上午')
	await page.getByLabel('内容 3', { exact: true }).press('Tab')
	await button('保存').click()
	await page.getByText('内容不符合微信对这个关键词的要求：time3 = 明天上午').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByLabel('内容 3', { exact: true }).fill('{{ticket.created}}')
	await page.getByLabel('内容 3', { exact: true }).press('Tab')
	await button('加一个关键词').click()
	await page.getByLabel('关键词 4', { exact: true }).waitFor()
	await button('去掉第 4 个关键词').click()
	await button('保存').click()
	await page.waitForURL(/\/template\/\d+$/)
	await button('变更历史').waitFor()
	const kept = await api('GET', `/template/${new URL(page.url()).pathname.split('/').pop()}`)
	assert.deepEqual([kept.wechat_kind, kept.notice, kept.wechat_app, kept.wechat_id], ['template', 'ticket_received', APP.app_id, THEIRS])
	assert.equal(kept.wechat_data, 'character_string1 = {{ticket.no}}\nthing2 = {{ticket.title}}\ntime3 = {{ticket.created}}')
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
	await page.setViewportSize({ width: 1440, height: 900 })
})

test('switched off and taken back by the history', async () => {
	const id = new URL(page.url()).pathname.split('/').pop()
	await page.getByLabel('微信消息类型').selectOption('none')
	assert.equal(await page.getByLabel('微信模板 ID').count(), 0)
	await button('保存').click()
	await until(async () => (await api('GET', `/template/${id}`)).wechat_kind === 'none', 'kept')
	assert.equal((await api('GET', `/template/${id}`)).notice, 'none')
	await button('变更历史').click()
	await page.getByRole('button', { name: '撤销' }).first().click()
	await until(async () => (await api('GET', `/template/${id}`)).wechat_kind === 'template', 'taken back')
})

test('she says the word of her page in WeChat, the page says that it is done, and staff see it', async () => {
	const browser = await launch()
	const number = newNumber()
	customer = await api('POST', '/customer', { name: '张小鱼', phone: number })
	const phone = await openPhone(browser)
	await signIn(phone, number)
	await phone.page.getByRole('button', { name: '设置' }).click()
	await phone.page.getByRole('button', { name: '绑定微信' }).click()
	const say = (await phone.page.locator('.say').textContent()).trim()
	assert.match(say, /^绑定 [2-9A-Z]{10}$/)
	await phone.page.getByText('请在微信里把下面这句话发给“安心服务号”').waitFor()
	assert.deepEqual(await axe(phone.page), [])
	await wechat.ask({ do: 'say', server: server.url, callback: account.callback, openid, text: say })
	await phone.page.getByRole('button', { name: '我已发送' }).click()
	await phone.page.getByText('已绑定，服务单的进展会发到您的微信').waitFor()
	assert.deepEqual(await axe(phone.page), [])
	await page.goto(at(`/customer/${customer.id}`))
	await page.getByText('客户登录').waitFor()
	await phone.close()
	await browser.close()
})

test('told by WeChat; refused there, by SMS, with the reason in the outbox', async () => {
	const file = () => api('POST', '/ticket', { scene: 'repair', customer_id: customer.id, text: '冰箱冷藏室不制冷，还有点漏水，请尽快来看看' })
	const first = await file()
	const told = await until(async () => (await wechat.ask({ do: 'notices', openid }))[0], 'told there')
	assert.equal(told.character_string1, first.no)
	assert.equal((await wechat.ask({ do: 'sms' })).filter((one) => one.text.includes(first.no)).length, 0)
	await wechat.ask({ do: 'refuse', code: 43101 })
	const second = await file()
	await until(async () => (await wechat.ask({ do: 'sms' })).some((one) => one.text.includes(second.no)), 'by SMS')
	await page.goto(at('/outbox'))
	await page.getByText('客户没有订阅，或订阅次数已用完（43101），已改发短信').waitFor()
	assert.deepEqual(await axe(page), [])
})
