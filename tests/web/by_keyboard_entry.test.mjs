/* The ways in, by keyboard alone: an invitation taken, a second factor set up and asked for, the way out. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf } from './authenticator.mjs'
import { keysOf, sitDown } from './keys.mjs'
import { DESK, openContext } from './page.mjs'
import { api, hire } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const isIn = (page) => page.waitForURL((at) => at.pathname === '/ticket')

test('somebody is invited, and takes the invitation', async () => {
	const account = `guest_${crypto.randomUUID().slice(0, 8)}`
	const { items: [role] } = await api('GET', `/role?filter=${encodeURIComponent(JSON.stringify([['code', '=', 'reader']]))}`)
	const person = await api('POST', '/user', { account, name: '白露', role_id: role.id, email: `${account}@example.com` })
	const desk = await sitDown(browser)
	await desk.keys.go(`/user/${person.id}`)
	await desk.keys.choose('发送邀请')
	await desk.page.getByText('已发出').first().waitFor()
	await desk.close()
	const { items } = await api('GET', '/outbox?sort=-created_at&limit=50')
	const link = /http\S+\/invite(#\S+)/.exec(items.find((one) => one.template === 'staff_invited' && one.body.includes(account)).body)[1]

	const hers = await openContext(browser, DESK), keys = keysOf(hers.page)
	await keys.go(`/invite${link}`)
	await keys.type({ css: 'input[name=new-password]' }, 'her-own-password')
	await keys.type({ css: 'input[name=again]' }, 'her-own-password')
	await keys.press('Enter')
	await isIn(hers.page)
	await hers.close()
})

test('a second factor is set up, and asked for at the next sign-in', async () => {
	const person = await hire(['ticket.read'])
	const { page, keys, close } = await sitDown(browser, person)
	await keys.go('/settings')
	await keys.choose('启用两步验证')
	await page.locator('.offer').waitFor()
	await page.waitForFunction(() => document.activeElement.matches('input[name=code]'))
	const secret = await page.locator('.offer code').innerText()
	await keys.write(codeOf(secret, -1))
	await keys.press('Enter')
	await page.locator('.codes li').nth(9).waitFor()
	await keys.choose('已存好')
	await page.getByText('还剩 10 个恢复码').waitFor()

	await keys.choose(/白露/)
	await keys.dialog()
	await keys.choose('退出登录')
	await page.waitForURL((at) => at.pathname === '/login')
	await keys.signIn(person)
	await page.locator('input[name=code]').waitFor()
	await page.waitForFunction(() => document.activeElement.matches('input[name=code]'))
	await keys.write(codeOf(secret, 0))
	await keys.press('Enter')
	await isIn(page)
	assert.equal((await page.request.get(`${process.env.ANXIN_URL}/api/v1/session`)).status(), 200)
	await close()
})
