/* The second factor as its person meets it: set up with a phone, asked for on its own step, lost, reset; and a role that demands one. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf } from './authenticator.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole, hire } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function givePassword(page, { account, password }) {
	await page.goto(at('/login'))
	await page.locator('input[name=username]').fill(account)
	await page.locator('input[name=password]').fill(password)
	await page.locator('button[type=submit]').click()
	await page.locator('input[name=code]').waitFor()
}

async function giveCode(page, code) {
	await page.locator('input[name=code]').fill(code)
	await page.keyboard.press('Enter')
}

/* Scans by reading the secret that stands below the picture. */
async function setUp(page, steps) {
	const secret = await page.locator('.offer code').innerText()
	assert.match(await page.locator('.offer img').getAttribute('src'), /^data:image\/svg/)
	await giveCode(page, codeOf(secret, steps))
	await page.locator('.codes li').nth(9).waitFor()
	const codes = await page.locator('.codes li').allInnerTexts()
	return { secret, codes }
}

test('set up in the own settings, asked for at the next log-in, a recovery code instead of the phone', async () => {
	const person = await hire(['ticket.read'])
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page, person)
	await page.goto(at('/settings'))
	await page.getByRole('button', { name: '启用两步验证' }).click()
	await page.locator('.offer').waitFor()
	assert.deepEqual(await axe(page), [])
	await giveCode(page, '000000')
	await page.getByText('验证码不正确或已过期').waitFor()
	const { secret, codes } = await setUp(page, -1)
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '已存好' }).click()
	await page.getByText('还剩 10 个恢复码').waitFor()

	await page.context().clearCookies()
	await page.goto(at('/settings'))
	await givePassword(page, person)
	assert.deepEqual(await axe(page), [])
	await giveCode(page, '123123')
	await page.getByText('验证码不正确或已过期').waitFor()
	await giveCode(page, codeOf(secret, 0))
	await page.waitForURL((at) => !at.pathname.startsWith('/login'))

	await page.context().clearCookies()
	await givePassword(page, person)
	await giveCode(page, codes[0])
	await page.waitForURL((at) => !at.pathname.startsWith('/login'))
	await page.goto(at('/settings'))
	await page.getByText('还剩 9 个恢复码').waitFor()

	await page.context().clearCookies()
	await enterConsole(page)
	await page.goto(at(`/user/${person.user.id}`))
	await page.getByRole('button', { name: '重置两步验证' }).click()
	await page.locator('[role=dialog] input').fill('手机丢失，已电话核实')
	await page.locator('[role=dialog] button[type=submit]').click()
	await page.getByText('已重置两步验证').waitFor()
	await page.getByRole('button', { name: '重置两步验证' }).waitFor({ state: 'detached' })
	const { items } = await api('GET', `/user/${person.user.id}/history`)
	assert.match(JSON.stringify(items), /手机丢失，已电话核实/)
	await page.context().clearCookies()
	await enterConsole(page, person)
	await desk.close()
})

test('a role that demands one: set up while logging in, and nothing is reached before', async () => {
	const person = await hire(['ticket.read'], { second_factor: true })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await givePassword(page, person)
	await page.locator('.offer').waitFor()
	assert.equal((await page.request.get(at('/api/v1/session'))).status(), 401)
	assert.deepEqual(await axe(page), [])
	await setUp(page, 0)
	await page.getByRole('button', { name: '已存好' }).click()
	await page.waitForURL((at) => !at.pathname.startsWith('/login'))
	await desk.close()
})
