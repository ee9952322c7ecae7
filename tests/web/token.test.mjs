/* A token for a program: made with what it may do, shown once, copied, used, and stopped from one moment to the next. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const statusOf = async (secret, path) =>
	(await fetch(at(`/api/v1${path}`), { headers: { Authorization: `Bearer ${secret}` } })).status

async function make(page, name) {
	await page.goto(at('/api_token'))
	await page.getByRole('button', { name: '新建接口令牌' }).click()
	await page.getByRole('button', { name: '新建令牌' }).click()
	await page.getByText('不能为空').waitFor()
	await page.getByText('至少勾一项权限').waitFor()
	await page.getByLabel('名称').fill(name)
	await page.getByLabel('有效期').selectOption('30')
	await page.getByRole('checkbox', { name: '服务单 查看' }).check()
	await page.getByRole('button', { name: '新建令牌' }).click()
	await page.getByText('只显示这一次').waitFor()
	return page.getByLabel('令牌', { exact: true }).inputValue()
}

test('made, copied, used, stopped, and back by undo', async () => {
	const desk = await openContext(browser, { ...DESK, permissions: ['clipboard-read', 'clipboard-write'] })
	const { page } = desk
	await enterConsole(page)
	const name = `夜间报表 ${Date.now() % 100_000}`
	const secret = await make(page, name)
	await page.getByRole('button', { name: '复制令牌' }).click()
	await page.getByRole('status').filter({ hasText: '已复制' }).waitFor()
	assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret)
	assert.deepEqual([await statusOf(secret, '/ticket?limit=1'), await statusOf(secret, '/customer?limit=1')], [200, 403])

	await page.getByRole('button', { name: '已存好' }).click()
	await page.getByRole('heading', { name }).getByText('有效').waitFor()
	assert.equal((await page.content()).includes(secret), false)
	assert.equal(await page.getByRole('checkbox', { name: '服务单 查看' }).isChecked(), true)

	await page.getByRole('button', { name: '停用' }).click()
	await page.getByRole('heading', { name }).getByText('已停用').waitFor()
	assert.equal(await statusOf(secret, '/ticket?limit=1'), 401)
	await page.getByRole('button', { name: '撤销' }).click()
	await page.getByRole('heading', { name }).getByText('有效').waitFor()
	assert.equal(await statusOf(secret, '/ticket?limit=1'), 200)

	await page.goto(at('/api_token'))
	await page.getByRole('link', { name }).waitFor()
	await desk.close()
})

test('nobody gives a program what she may not do herself', async () => {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page, { account: 'linxiao', password: 'anxin-demo' })
	await desk.page.goto(at('/api_token/new'))
	await desk.page.getByText('没有这个页面，或无权查看').waitFor()
	await desk.close()
})

test('a company that wants short lives offers no long ones', async () => {
	const { version } = await api('PATCH', '/setting/token.life_most', { value: 45, version: (await api('GET', '/setting/token.life_most')).version })
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/api_token/new'))
	const days = desk.page.getByLabel('有效期')
	await days.locator('option', { hasText: '45 天' }).waitFor({ state: 'attached' })
	assert.deepEqual(await days.locator('option').allInnerTexts(), ['7 天', '30 天', '45 天'])
	assert.equal(await days.inputValue(), '45')
	await api('PATCH', '/setting/token.life_most', { value: null, version })
	await desk.close()
})
