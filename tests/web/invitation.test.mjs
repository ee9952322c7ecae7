/* A new member of staff: invited from her page, in by the link of the mail, and signed out on her page when she does nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const password = 'her-own-password'

async function newcomer() {
	const account = `guest_${crypto.randomUUID().slice(0, 8)}`
	const { items } = await api('GET', `/role?filter=${encodeURIComponent(JSON.stringify([['code', '=', 'reader']]))}`)
	return api('POST', '/user', { account, name: '白露', role_id: items[0].id, email: `${account}@example.com` })
}

async function linkOf({ account }) {
	const { items } = await api('GET', '/outbox?sort=-created_at&limit=50')
	return /http\S+\/invite(#\S+)/.exec(items.find((one) => one.template === 'staff_invited' && one.body.includes(account)).body)[1]
}

const note = (page, text) => page.getByText(text).first().waitFor()

test('invited in the console, in by the link on a phone, once', async () => {
	const person = await newcomer()
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at(`/user/${person.id}`))
	await desk.page.getByRole('button', { name: '发送邀请' }).click()
	await note(desk.page, '已发出')
	const link = await linkOf(person)

	const phone = await openContext(browser, PHONE)
	const { page } = phone
	await page.goto(at(`/invite${link}`))
	await page.locator('input[name=new-password]').fill(password)
	assert.equal(new URL(page.url()).hash, '', 'the secret stays in the address bar')
	assert.deepEqual(await axe(page), [])
	await page.locator('input[name=again]').fill(password)
	await page.locator('button[type=submit]').click()
	await page.waitForURL((at) => at.pathname === '/ticket')
	await page.goto('about:blank') // else only what stands behind # would change
	await page.goto(at(`/invite${link}`))
	await note(page, '链接已失效')
	assert.deepEqual(await axe(page), [])
	await phone.close()

	await desk.page.goto(at('/invitation'))
	await desk.page.locator('tbody tr').first().getByText('已接受').waitFor()
	await desk.close()
})

test('taken back in the console: the link is worthless', async () => {
	const person = await newcomer()
	const made = await api('POST', `/user/${person.id}/invite`, {})
	const link = await linkOf(person)
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at(`/invitation/${made.id}`))
	await desk.page.getByRole('button', { name: '撤回邀请' }).click()
	await note(desk.page, '已撤回，链接失效')
	await desk.page.goto(at(`/invite${link}`))
	await note(desk.page, '链接已失效')
	await desk.close()
})

test('who does nothing is signed out, told so, and led back to her page', async () => {
	const person = await newcomer()
	await api('POST', `/user/${person.id}/password`, { password })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await page.clock.install()
	await enterConsole(page, { account: person.account, password })
	await page.goto(at('/customer?sort=-created_at'))
	await page.locator('tbody tr').first().waitFor()
	await page.clock.runFor(119 * 60_000)
	await page.keyboard.press('Shift')
	await page.clock.runFor(119 * 60_000)
	assert.equal(new URL(page.url()).pathname, '/customer')
	await page.clock.runFor(2 * 60_000)
	await note(page, '长时间没有操作，已自动退出')
	assert.equal((await page.request.get(at('/api/v1/session'))).status(), 401)
	await page.locator('input[name=username]').fill(person.account)
	await page.locator('input[name=password]').fill(password)
	await page.locator('button[type=submit]').click()
	await page.waitForURL((at) => at.pathname === '/customer' && at.search === '?sort=-created_at')
	await desk.close()
})
