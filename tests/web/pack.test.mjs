/* The industry pack in the console: what changing it would do is shown first, then words change on every page, and the toast takes it
 * back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(async () => {
	await api('POST', '/pack/appliance/use', { from: 'retail' }).catch(() => null)      // the other files know the first one
	await browser.close()
})

/* Which of these the company has now. */
const codes = async (record, wanted) => (await api('GET', `/${record}?limit=200`)).items.map((row) => row.code).filter((code) => wanted.includes(code)).sort()
const inUse = async () => (await api('GET', '/pack')).items.find((p) => p.active).name

test('a pack is looked at, taken up, and taken back by the toast', async () => {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/pack'))
	await desk.page.getByRole('button', { name: '预览切换：零售' }).click()
	await desk.page.getByText('服务单 → 售后单').waitFor()
	await desk.page.getByText('价保 · 24 小时退差').waitFor()
	const added = desk.page.locator('.plan li')
	await added.filter({ hasText: '仓库收发' }).filter({ hasText: '角色' }).waitFor()
	await added.filter({ hasText: '退换货审核' }).filter({ hasText: '承诺' }).waitFor()
	await added.filter({ hasText: /^流程\s*退换货/ }).waitFor()
	await desk.page.getByRole('heading', { name: /^改用新包的内容/ }).waitFor()
	const find = desk.page.getByLabel('搜索这些内容')
	await find.fill('仓库')
	await added.filter({ hasText: '退换货审核' }).waitFor({ state: 'detached' })
	await added.filter({ hasText: '仓库收发' }).waitFor()
	await find.fill('没有这一项')
	await desk.page.getByText('没有找到“没有这一项”').waitFor()
	await find.fill('')
	assert.equal(await inUse(), 'appliance')
	assert.deepEqual(await axe(desk.page), [])
	await desk.page.getByRole('button', { name: '切换到“零售”' }).click()
	await desk.page.getByText('已切换到“零售”').waitFor()
	assert.equal(await inUse(), 'retail')
	await desk.page.getByRole('link', { name: '售后单' }).first().waitFor()
	assert.deepEqual(await codes('role', ['shop', 'warehouse', 'auditor']), ['auditor', 'shop', 'warehouse'])
	assert.deepEqual(await codes('promise', ['first_call', 'return_review']), ['return_review'])
	await desk.page.getByRole('button', { name: '撤销' }).click()
	await desk.page.getByRole('link', { name: '服务单' }).first().waitFor()
	assert.equal(await inUse(), 'appliance')
	assert.deepEqual(await codes('role', ['shop', 'warehouse', 'auditor']), ['auditor'])
	assert.deepEqual(await codes('promise', ['first_call', 'return_review']), ['first_call'])
	await desk.page.getByText(/系统管理员.*零售 → /).first().waitFor()
	await desk.close()
})

test('the preview says by what a flow is held back, and that the new one waits', async () => {
	await api('POST', '/pack/retail/use', { from: 'appliance' })
	const customer_id = (await api('GET', '/customer?limit=1')).items[0].id
	let ticket = await api('POST', '/ticket', { scene: 'return', customer_id, text: '尺码不合适' })
	for (const [move, more] of [['accept', {}], ['o_send_back', { reason: '请寄回' }]]) ticket = await api('POST', `/ticket/${ticket.id}/action/${move}`, { version: ticket.version, ...more })
	assert.equal(ticket.stage, 'to_send')
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/pack'))
	await desk.page.getByRole('button', { name: '预览切换：上门服务' }).click()
	const line = desk.page.locator('.plan li')
	await line.filter({ hasText: '退换货' }).filter({ hasText: '暂不换下，还在使用：“待客户寄回”（1）' }).waitFor()
	await line.filter({ hasText: '上门服务' }).filter({ hasText: '草稿，未启用' }).waitFor()
	assert.deepEqual(await axe(desk.page), [])
	await api('POST', '/flow/empty', { object: 'ticket', from: 'to_send', to: '' })
	await api('POST', '/pack/appliance/use', { from: 'retail' })
	assert.deepEqual((await api('GET', '/flow?limit=200')).items.filter((f) => f.state === 'on' && f.object === 'ticket'), [])
	await desk.close()
})

test('the phone page offers the scenes and says the words of the pack', async () => {
	await api('POST', '/pack/retail/use', { from: 'appliance' })
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await phone.go('/')
	await phone.page.getByText('价保', { exact: true }).waitFor()
	assert.equal(await phone.page.getByText('故障报修').count(), 0)
	await phone.page.getByText('质量问题', { exact: true }).click()
	await phone.page.getByText('选择商品').or(phone.page.getByText('是哪件商品')).first().waitFor()
	await api('POST', '/pack/appliance/use', { from: 'retail' })
	await phone.go('/')
	await phone.page.getByText('故障报修').first().waitFor()
	await phone.context.close()
})

test('who files a ticket is offered the scenes of the pack, and no others', async () => {
	await api('POST', '/pack/retail/use', { from: 'appliance' })
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/ticket/new'))
	await desk.page.getByText('价保', { exact: true }).waitFor()
	await desk.page.getByText('远程协助').waitFor({ state: 'detached' })
	await api('POST', '/pack/appliance/use', { from: 'retail' })
	await desk.page.reload()
	await desk.page.getByText('远程协助').waitFor()
	await desk.page.getByText('价保', { exact: true }).waitFor({ state: 'detached' })
	await desk.page.goto(at('/pack'))
	await desk.page.getByRole('banner').getByText('行业包', { exact: true }).waitFor()
	await desk.page.waitForFunction(() => document.title.startsWith('行业包'))
	await desk.close()
})
