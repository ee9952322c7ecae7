/* An account set up by mouse; somebody writes by WeChat in safe mode, an agent answers inside of what WeChat allows, the window closes, and what is said
 * then goes by SMS. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startServer } from './tools.mjs'
import { APP, follower, startWeChat } from './wechat_world.mjs'

const wechat = await startWeChat()
const server = await startServer(undefined, { more: ['--sms-gateway', wechat.sms] })
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
const { newNumber } = await import('./customer.mjs')
const { atDesk, until } = await import('./desk.mjs')
const { axe, isWide } = await import('./page.mjs')
const { api } = await import('./staff.mjs')

let page
atDesk((opened) => { page = opened })
after(async () => {
	await server.end()
	wechat.end()
})
const account = async () => (await api('GET', '/wechat_account?limit=1')).items[0]
const reach = (on) => on.locator('[data-reach]')

test('an account is set up, and a try says what is wrong until nothing is', async () => {
	await page.goto(`${server.url}/wechat_account/new`)
	await page.getByRole('button', { name: '公众号', exact: true }).click()
	await page.getByLabel('AppID', { exact: true }).fill(APP.app_id)
	await page.getByLabel('接口地址').fill(wechat.api)
	await page.getByLabel('状态', { exact: true }).selectOption('on')
	await page.getByLabel('AppSecret', { exact: true }).fill('wrong')
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.waitForURL(/\/wechat_account\/\d+$/)
	assert.equal(await page.getByLabel('AppID', { exact: true }).inputValue(), APP.app_id)
	assert.match(await page.getByLabel('回调地址').inputValue(), /\/api\/v1\/wechat\/[0-9a-f]{32}$/)
	await page.getByRole('button', { name: '测试', exact: true }).click()
	await page.getByText('AppSecret 不正确').waitFor()
	await page.getByText('还没有填写 EncodingAESKey').waitFor()
	await page.getByLabel('AppSecret', { exact: true }).fill(APP.secret)
	await page.getByLabel('Token', { exact: true }).fill(APP.token)
	await page.getByLabel('EncodingAESKey', { exact: true }).fill(APP.aes_key)
	await page.getByRole('button', { name: '保存密钥' }).click()
	await page.getByText('只能替换，不能查看').first().waitFor()
	await page.getByRole('button', { name: '测试', exact: true }).click()
	await page.getByText('可以发送消息').waitFor()
	assert.equal(await page.locator('.checks .bad').count(), 0)
	assert.deepEqual(await axe(page), [])
})

test('written in safe mode, answered inside of the quota, and by SMS when the window has closed', async () => {
	const stamp = `微信${Date.now()}`
	const she = follower(wechat, (await account()).callback), { openid } = she
	await she.write(`冰箱不制冷${stamp}`)
	await page.goto(`${server.url}/desk?of=queue`)
	await page.locator('a.row', { hasText: stamp }).click()
	await page.locator('.bubble', { hasText: stamp }).waitFor()
	await reach(page).filter({ hasText: '微信还可发 5/5 条' }).waitFor()
	assert.deepEqual(await axe(page), [])
	const id = new URL(page.url()).pathname.split('/').pop()
	const say = async (text) => {
		await page.locator('.say textarea').fill(text)
		await page.keyboard.press('Enter')
	}
	await say('您好，屏上有故障代码吗？')
	await page.locator('.message.own', { hasText: '已送达微信' }).waitFor()
	await reach(page).filter({ hasText: '微信还可发 4/5 条' }).waitFor()
	assert.deepEqual(await she.sent(), ['您好，屏上有故障代码吗？'])

	const phone = newNumber()
	const { customer_id } = await api('GET', `/conversation/${id}`)
	await api('PATCH', `/customer/${customer_id}`, { version: (await api('GET', `/customer/${customer_id}`)).version, phone })
	await wechat.ask({ do: 'close', openid })
	await say('师傅明天上午到')
	await page.locator('.message.own', { hasText: '已改发短信' }).waitFor()
	await reach(page).filter({ hasText: '现在发送将改用短信' }).waitFor()
	await until(async () => (await wechat.ask({ do: 'sms' })).some((one) => one.text.includes('师傅明天上午到') && one.to.endsWith(phone)), 'the gateway has it')
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
})
