/* The company's identity provider: set up and tried by mouse, accepted with an invitation, signed in with, linked and removed, demanded. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startProvider } from './identity_provider.mjs'
import { axe, DESK, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole, setSetting } from './staff.mjs'
import { launch } from './tools.mjs'

let browser, idp, provider
const name = '公司统一登录'
before(async () => {
	browser = await launch()
	idp = await startProvider({ sub: 'wang', email: 'wang@example.cn', email_verified: true, name: '王五', preferred_username: 'wang' })
})
after(async () => {
	idp.close()
	await browser.close()
	if (!provider) return
	const { version } = await api('GET', `/sign_in_provider/${provider}`)
	await api('PATCH', `/sign_in_provider/${provider}`, { version, state: 'off' })
})

const note = (page, text) => page.getByText(text).first().waitFor()
const arrived = (page, path = '/ticket') => page.waitForURL((at) => at.pathname === path)

async function newcomer() {
	const account = `guest_${crypto.randomUUID().slice(0, 8)}`
	const { items } = await api('GET', `/role?filter=${encodeURIComponent(JSON.stringify([['code', '=', 'reader']]))}`)
	const person = await api('POST', '/user', { account, name: '白露', role_id: items[0].id, email: `${account}@example.com` })
	await api('POST', `/user/${person.id}/invite`, {})
	const mail = (await api('GET', '/outbox?sort=-created_at&limit=50')).items.find((one) => one.template === 'staff_invited' && one.body.includes(account))
	return { ...person, link: /\/invite(#\S+)/.exec(mail.body)[1] }
}

test('set up by mouse, its secret goes in, and a try shows what came back', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at('/sign_in_provider/new'))
	await note(page, '/sign-in/back')
	await page.getByLabel('按钮文字', { exact: true }).fill(name)
	await page.getByLabel('签发者地址').fill(idp.issuer)
	await page.getByLabel('客户端编号').fill(idp.clientId)
	await page.getByLabel('状态').selectOption('on')
	await page.getByLabel('客户端密钥').fill(idp.secret)
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Control+Enter')
	await page.waitForURL((at) => /^\/sign_in_provider\/\d+$/.test(at.pathname))
	provider = new URL(page.url()).pathname.split('/').at(-1)
	await note(page, '只能替换，不能查看')
	await page.getByRole('button', { name: '试登录' }).click()
	await note(page, 'wang@example.cn')
	assert.equal(new URL(page.url()).search, '', 'the code stays in the address bar')
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '回到设置' }).click()
	await arrived(page, `/sign_in_provider/${provider}`)
	await desk.close()
})

test('an invitation accepted with it on a phone, and the button from then on', async () => {
	const person = await newcomer()
	const phone = await openContext(browser, PHONE)
	await phone.page.goto(at(`/invite${person.link}`))
	await phone.page.getByRole('button', { name }).click()
	await arrived(phone.page)
	await phone.close()

	const desk = await openContext(browser, DESK)
	const { page } = desk
	await page.goto(at('/login?next=/customer'))
	await page.getByRole('button', { name }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name }).click()
	await arrived(page, '/customer')
	await page.goto(at('/settings'))
	await note(page, '统一身份')
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '取消关联' }).click()
	await note(page, '已取消关联')
	await page.getByRole('button', { name: `关联${name}` }).click()
	await note(page, '身份已关联')
	await arrived(page, '/settings')
	await desk.close()
})

test('whoever is unknown, or says no there, stays outside and is told why', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	idp.person = { ...idp.person, sub: 'stranger' }
	await page.goto(at('/login'))
	await page.getByRole('button', { name }).click()
	await note(page, '尚未与本系统的账号关联')
	assert.deepEqual(await axe(page), [])
	idp.refuses = true
	await page.goto(at('/login'))
	await page.getByRole('button', { name }).click()
	await note(page, 'access_denied')
	idp.refuses = false
	await desk.close()
})

test('where the company demands it, the password stands behind a link for emergencies', async () => {
	const me = await api('GET', '/session')
	const mark = async (emergency) => {
		const { version } = await api('GET', `/user/${me.user.id}`)
		await api('PATCH', `/user/${me.user.id}`, { version, emergency })
	}
	await mark(true)
	await setSetting('sign_in.passwords', 'emergency')
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await page.goto(at('/login'))
	await note(page, '公司要求用统一身份登录')
	assert.equal(await page.locator('input[name=password]').count(), 0)
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '用应急账号登录' }).click()
	await page.locator('input[name=password]').waitFor()
	await setSetting('sign_in.passwords', null)
	await mark(false)
	await desk.close()
})
