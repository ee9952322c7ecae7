/* The audit in the console, as an auditor uses it: found by area, person and words, opened, exported; no administrator has it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'
import { accountOf, api, at, enterConsole, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
let role
before(async () => {
	browser = await launch()
	role = await api('POST', '/role', { code: `w${Date.now() % 1e9}`, name: '巡检', permissions: ['ticket.read'], scope: 'own' })
	await api('PATCH', `/role/${role.id}`, { name: '巡检员', version: 1, reason: '岗位改名' })
	const { items } = await api('GET', '/customer?limit=1')
	await api('POST', `/customer/${items[0].id}/reveal`, { field: 'phone', purpose: '核对来电' })
})
after(() => browser.close())

async function open({ english = false, ...options } = {}, path = '/audit') {
	const desk = await openContext(browser, { ...DESK, acceptDownloads: true, ...options })
	if (english) await enterInEnglish(desk, accountOf('audit'))
	else await enterConsole(desk.page, accountOf('audit'))
	await desk.page.goto(at(path))
	await desk.page.locator('tbody tr').first().waitFor()
	return desk
}
const rows = (page) => page.locator('tbody tr')

test('an auditor begins at the audit; an administrator has no way to it', async () => {
	const auditor = await openContext(browser, DESK)
	await enterConsole(auditor.page, accountOf('audit'))
	await auditor.page.waitForURL((at) => at.pathname === '/audit')
	await auditor.close()
	const admin = await openContext(browser, DESK)
	await enterConsole(admin.page)
	await admin.page.locator('.rail .foot').click()
	assert.equal(await admin.page.getByRole('link', { name: '审计', exact: true }).count(), 0)
	await admin.page.goto(at('/audit'))
	await admin.page.getByText('没有权限').waitFor()
	await admin.close()
})

test('a change is found by its reason and tells from what to what', async () => {
	const desk = await open()
	await desk.page.getByLabel('搜索原因、用途').fill('岗位改名')
	await desk.page.getByLabel('搜索原因、用途').press('Enter')
	await desk.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
	assert.match(await rows(desk.page).innerText(), /系统管理员[\s\S]*角色 · 修改[\s\S]*巡检员[\s\S]*岗位改名/)
	await rows(desk.page).press('Enter')
	const drawer = desk.page.locator('.drawer')
	await drawer.getByText('巡检员').first().waitFor()
	assert.match(await drawer.innerText(), /巡检\s*→\s*巡检员/)
	await drawer.getByRole('button', { name: '只看这个对象' }).click()
	await desk.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2)
	await desk.close()
})

test('areas and days narrow the list, the address keeps them, and they are taken back', async () => {
	const desk = await open()
	await desk.page.getByRole('button', { name: '查看原文', exact: true }).click()
	await desk.page.waitForURL(/area=reading/)
	await desk.page.getByText('核对来电').first().waitFor()
	assert.deepEqual([...new Set(await desk.page.locator('td.what').allInnerTexts())], ['客户 · 查看原文'])
	await desk.page.goto(at('/audit?area=reading&to=2020-01-01'))
	await desk.page.getByText('没有符合条件的记录').waitFor()
	await desk.page.getByRole('button', { name: '清除条件' }).click()
	await rows(desk.page).nth(2).waitFor()
	await desk.close()
})

test('a ready question is one press, and the address keeps it', async () => {
	const desk = await open()
	const chip = desk.page.getByRole('button', { name: '这七天谁看过电话' })
	await chip.click()
	await desk.page.waitForURL(/field=phone/)
	await desk.page.getByText('核对来电').first().waitFor()
	assert.equal(await chip.getAttribute('aria-pressed'), 'true')
	assert.deepEqual([...new Set(await desk.page.locator('td.what').allInnerTexts())], ['客户 · 查看原文'])
	await desk.page.reload()
	await desk.page.getByText('核对来电').first().waitFor()
	assert.equal(await chip.getAttribute('aria-pressed'), 'true')
	await desk.page.getByRole('button', { name: '这七天改过的权限' }).click()
	await desk.page.getByText('岗位改名').first().waitFor()
	assert.equal(await chip.getAttribute('aria-pressed'), 'false')
	assert.equal(await desk.page.getByText('核对来电').count(), 0)
	await desk.close()
})

test('what is exported is what is shown', async () => {
	const desk = await open({}, '/audit?area=right&q=岗位改名')
	await desk.page.locator('.export .btn').click()
	const [download] = await Promise.all([desk.page.waitForEvent('download'), desk.page.getByRole('link', { name: 'CSV' }).click()])
	const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
	assert.equal(lines.length, 2)
	assert.match(lines[1], /role\.changed.*巡检员.*岗位改名/)
	await desk.close()
})

for (const [name, look] of [['light', { colorScheme: 'light' }], ['dark', { colorScheme: 'dark' }], ['a phone', PHONE], ['English', { english: true }], ['English, dark, a phone', { ...PHONE, colorScheme: 'dark', english: true }]])
	test(`axe finds nothing: ${name}`, async () => {
		const desk = await open(look)
		assert.deepEqual(await axe(desk.page), [])
		assert.equal(await desk.page.evaluate(() => document.documentElement.lang), look.english ? 'en' : 'zh-CN')
		await rows(desk.page).first().press('Enter')
		await desk.page.locator('.drawer').waitFor()
		assert.deepEqual(await axe(desk.page), [])
		assert.equal(await isWide(desk.page), false, 'wider than the screen')
		await desk.close()
	})
