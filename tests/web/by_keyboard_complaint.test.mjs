/* A complaint from its filing to its end, by keyboard alone: two supervisors, one of whom decides on what the other proposes; and the drawer that says
   why something is due. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newTicket, sitDown } from './keys.mjs'
import { until } from './desk.mjs'
import { accountOf, api } from './staff.mjs'
import { launch } from './tools.mjs'

const OTHER = `钱敏${Date.now() % 10_000}`
let browser, other
before(async () => {
	browser = await launch()
	other = await anotherSupervisor()
})
after(() => browser.close())

/* Of the role, the team and the region of the demo's supervisor. */
async function anotherSupervisor() {
	const { items: [first] } = await api('GET', `/user?filter=${encodeURIComponent(JSON.stringify([['account', '=', 'chenli']]))}`)
	const account = `qianmin_${Date.now() % 1_000_000}`, password = 'a-password-of-hers'
	const given = Object.fromEntries(['role_id', 'team_id', 'region_id'].filter((name) => first[name]).map((name) => [name, first[name]]))
	const { id } = await api('POST', '/user', { account, name: OTHER, ...given })
	await api('POST', `/user/${id}/password`, { password })
	return { account, password }
}

test('a complaint: filed, called, a plan over the limit, decided by the second, granted, closed', async () => {
	const one = await sitDown(browser, accountOf('chenli'))
	const { page, keys } = one

	await keys.go('/ticket/new')
	await keys.choose(/^投诉/)
	await keys.choose('新客户')
	await keys.type({ name: '姓名', within: '[role=dialog]' }, '许大年')
	await keys.type({ name: /^手机/, within: '[role=dialog]' }, `1361234${String(Date.now()).slice(-4)}`)
	await keys.press('Control+Enter')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	await keys.type('客户怎么说', '两次约好都没来，客服还说不归他管')
	await keys.press('Control+Enter')
	await page.waitForURL(/\/ticket\/\d+$/)
	const { id } = await api('GET', `/ticket/${new URL(page.url()).pathname.split('/').pop()}`)
	const now = () => api('GET', `/ticket/${id}`)

	await keys.choose('受理')
	await until(async () => (await now()).state === 'accepted', 'accepted')
	await keys.choose('主管致电投诉客户')
	await page.waitForURL(/\/task\/\d+/)
	await keys.choose('完成')
	await keys.dialog()
	await keys.pick({ name: '通话结果', within: '[role=dialog]' }, '已联系上，客户满意')
	await keys.type({ name: /^结果/, within: '[role=dialog]' }, '已致电道歉，答应今天给补偿方案')
	await keys.press('Control+Enter')
	await page.getByText('已完成').first().waitFor()

	await keys.go(`/ticket/${id}`)
	await keys.choose('写方案')
	await keys.dialog()
	await keys.type(/^优惠券/, '100')
	await keys.type(/^退款/, '150')
	await keys.type({ name: /^理由/, within: '[role=dialog]' }, `两次失约 ${id}`)
	await page.getByText('超过单人限额 ¥200.00，须由另一人批准').waitFor()
	await keys.pick(/^请谁审批/, OTHER)
	await keys.press('Control+Enter')
	await page.getByText(/您提出或修改过这个方案.+须由另一人批准/).waitFor()

	const second = await sitDown(browser, other)
	await second.page.locator('tbody tr, .empty').first().waitFor()
	const asked = [] // what she may do is told later than her key comes, which is not lost
	await second.page.route('**/compensation/*/approval', (route) => asked.push(route))
	await until(async () => {
		if (/\/approval/.test(second.page.url())) return true
		await second.keys.press('g', 'a')
		return false
	}, 'the page of approvals') // a page that still comes may take the first key for its own
	const row = second.page.locator('.list > li', { hasText: `两次失约 ${id}` })
	await row.waitFor()
	await until(async () => {
		if ((await row.getAttribute('aria-current')) === 'true') return true
		await second.keys.press('j')
		return false
	}, 'down to the plan')
	await until(() => asked.length, 'the page asks')
	await second.keys.press('y')
	for (const route of asked) await route.continue()
	await second.page.unroute('**/compensation/*/approval')
	await second.keys.dialog()
	await second.keys.type({ name: /^原因/, within: '[role=dialog]' }, '同意')
	await second.keys.press('Control+Enter')
	await row.waitFor({ state: 'detached' })
	await second.close()

	await page.getByText(`${OTHER}批准`).waitFor()
	await keys.choose('执行')
	await page.getByText('待发放').first().waitFor()
	await keys.choose('开始处理')
	await until(async () => (await now()).state === 'working', 'working')
	await keys.choose('完成处理')
	await keys.dialog()
	await keys.type({ name: /^处理步骤/, within: '[role=dialog]' }, '致电道歉，重新预约，补偿已办')
	await keys.type({ name: /^处理结果/, within: '[role=dialog]' }, '客户接受补偿')
	await keys.press('Control+Enter')
	await until(async () => (await now()).state === 'resolved', 'resolved')
	await keys.choose('代客户确认')
	await keys.dialog()
	await keys.type({ name: /^原因/, within: '[role=dialog]' }, '客户在电话里确认')
	await keys.press('Control+Enter')
	await until(async () => (await now()).state === 'closed', 'closed')
	await one.close()
})

test('why something is due: opened from a ticket, read, closed, and the focus is where it was', async () => {
	const ticket = await newTicket('冰箱怎么调温度')
	const { page, keys, close } = await sitDown(browser)
	await keys.go(`/ticket/${ticket.id}`)
	await keys.choose(/^解决.+为什么此时到期/)
	const drawer = page.getByRole('dialog')
	await drawer.getByText('按事件逐条重算，与保存值一致').waitFor()
	await keys.dialog()
	await keys.to({ css: '[role=dialog] a[href^="/clock_policy/"]' })
	await keys.press('Escape')
	await drawer.waitFor({ state: 'detached' })
	assert.match(await page.evaluate(() => document.activeElement.textContent), /^解决/)
	await close()
})
