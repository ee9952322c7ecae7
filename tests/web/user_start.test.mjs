/* A new member of staff from an example or like a colleague: role and team are filled, what was typed stays. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function open({ english = false, ...look } = {}) {
	const desk = await openContext(browser, { ...DESK, ...look })
	if (english) await enterInEnglish(desk)
	else await enterConsole(desk.page)
	await desk.page.goto(at('/user/new'))
	await desk.page.getByRole('combobox', { name: english ? 'Like a colleague' : '与某位同事相同' }).waitFor()
	return desk
}
const filled = (page, label) => page.locator('.grid > *').filter({ hasText: label }).locator('.chosen')

test('examples fill role and team, one after the other; what was typed stays and is saved', async () => {
	const { page, close } = await open()
	const account = `start_${Date.now() % 1e9}`
	await page.getByLabel('账号', { exact: true }).fill(account)
	await page.getByRole('button', { name: '主管', exact: true }).click()
	await filled(page, '角色').getByText('客服主管').waitFor()
	await page.getByRole('button', { name: '客服', exact: true }).click()
	await filled(page, '角色').getByText('客服', { exact: true }).waitFor()
	assert.equal(await page.getByLabel('账号', { exact: true }).inputValue(), account)
	await page.getByLabel('姓名', { exact: true }).fill('新来的')
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.waitForURL((at) => /^\/user\/\d+$/.test(at.pathname))
	const made = await api('GET', `/user/${new URL(page.url()).pathname.split('/').at(-1)}`)
	const agents = (await api('GET', '/role?limit=200')).items.find((r) => r.code === 'agent')
	assert.equal(made.role_id, agents.id)
	await close()
})

test('where there is no such role, the page says so and leads to one', async () => {
	const there = (await api('GET', '/role?limit=200')).items.some((r) => ['outlet', 'shop', 'worker'].includes(r.code))
	assert.equal(there, false)
	const { page, close } = await open()
	await page.getByRole('button', { name: '网点人员' }).click()
	await page.getByText('还没有“网点人员”的角色。').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('link', { name: '从示例建一个' }).click()
	await page.waitForURL((at) => at.pathname === '/role/new')
	await close()
})

test('like a colleague: her role and team, neither her name nor her account', async () => {
	const team = await api('POST', '/team', { name: `照填组${Date.now() % 1e6}` })
	const role_id = (await api('GET', '/role?limit=200')).items.find((r) => r.code === 'reader').id
	const name = `同事${Date.now() % 1e6}`
	await api('POST', '/user', { account: `like_${Date.now() % 1e9}`, name, role_id, team_id: team.id })
	const { page, close } = await open()
	const box = page.getByRole('combobox', { name: '与某位同事相同' })
	await box.fill(name)
	await page.getByRole('option', { name }).click()
	await filled(page, '角色').getByText('只读').waitFor()
	await filled(page, '小组').getByText(team.name).waitFor()
	assert.equal(await page.getByLabel('账号', { exact: true }).inputValue(), '')
	assert.equal(await page.getByLabel('姓名', { exact: true }).inputValue(), '')
	await close()
})

for (const [name, look] of [['light', {}], ['dark', { colorScheme: 'dark' }], ['a phone', PHONE], ['English', { english: true }], ['English, dark, a phone', { ...PHONE, colorScheme: 'dark', english: true }]])
	test(`axe finds nothing: ${name}`, async () => {
		const { page, close } = await open(look)
		assert.deepEqual(await axe(page), [])
		assert.equal(await isWide(page), false, 'wider than the screen')
		await close()
	})
