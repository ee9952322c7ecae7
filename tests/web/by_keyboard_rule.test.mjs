/* What happens by itself, set up by keyboard alone: a rule with its condition, a webhook and its deliveries, a flow of the company's own. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { atKeys, made, newTicket } from './keys.mjs'
import { until } from './desk.mjs'
import { api } from './staff.mjs'

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
let page, keys
atKeys((desk) => { ({ page, keys } = desk) })
after(() => putAway())

/* A flow that is in force belongs to the whole company, and to all tests that come. */
async function putAway() {
	for (const flow of (await api('GET', '/flow?limit=50')).items.filter((f) => f.state === 'on')) {
		for (const { code } of flow.states) await api('POST', '/flow/empty', { object: flow.object, from: code, to: '' })
		await api('PATCH', `/flow/${flow.id}`, { version: flow.version, state: 'off' })
	}
}

test('a rule: its condition in rows with the count, tried on what has happened, published, fired', async () => {
	await newTicket(`冷藏室结冰 ${stamp}`)
	const matching = (await api('GET', `/ticket/count?condition=${encodeURIComponent(`title contains "${stamp}"`)}`)).total
	await keys.go('/rule/new')
	await page.getByRole('group', { name: '事件' }).getByRole('button').first().waitFor()
	await keys.type('名称', `键盘规则 ${stamp}`)
	await keys.choose('条件')
	await page.waitForFunction(() => document.activeElement.tagName === 'SELECT')
	await keys.pick('字段', '问题')
	await keys.pick('比较', '包含')
	await keys.type('值', stamp)
	await keys.press('Tab')
	await page.getByText(`符合 ${matching} 条`).waitFor()
	await keys.choose('加一个动作')
	await page.waitForFunction(() => document.activeElement.tagName === 'SELECT')
	await keys.pick('流程动作', '受理')
	await keys.choose('试一试')
	await page.getByText(/最近 \d+ 个事件中有 [1-9]\d* 个会执行/).waitFor()
	await keys.choose('发布规则')
	const { id } = await made(page, 'rule')
	const rule = () => api('GET', `/rule/${id}`)
	await until(async () => (await rule()).state === 'on', 'published')
	assert.equal((await rule()).condition, `title contains "${stamp}"`)
	const ticket = await newTicket(`又结冰了 ${stamp}`)
	await until(async () => (await api('GET', `/ticket/${ticket.id}`)).state === 'accepted', 'fired')
	await keys.go(`/ticket/${ticket.id}`)
	await page.getByRole('button', { name: '开始处理', exact: true }).waitFor()
	await keys.go(`/rule/${id}`)
	await page.getByRole('region', { name: '执行记录' }).getByRole('row', { name: /新建.*已执行/ }).waitFor()
	await keys.choose('停用规则')
	await until(async () => (await rule()).state === 'off', 'switched off')
})

test('a webhook: tried, its delivery read, and sent again', async () => {
	const { id } = await api('POST', '/webhook', { name: `键盘 ${stamp}`, url: 'http://10.1.2.3/hook' })
	await keys.go(`/webhook/${id}`)
	await keys.choose('发送测试')
	const list = page.getByRole('region', { name: 'Webhook 投递' })
	await list.getByRole('row', { name: /发送失败/ }).first().waitFor()
	await keys.choose('再次投递')
	await page.waitForFunction(() => document.querySelectorAll('.deliveries tbody tr').length === 2)
	const { version } = await api('GET', `/webhook/${id}`)
	await api('POST', `/webhook/${id}/archive`, { version })
})

test('a flow from its example, with a move of one\'s own, in force, and a ticket led through it', async () => {
	await putAway()
	const ticket = await newTicket('怎么调温度')
	await api('POST', `/ticket/${ticket.id}/action/accept`, { version: ticket.version })
	await keys.go('/flow/new?object=ticket')
	await keys.choose('上门与备件')
	await page.locator('svg g.node[data-state=parts]').waitFor()
	await keys.type('名称', `键盘流程 ${stamp}`)
	await keys.choose('加动作')
	await keys.dialog()
	await keys.type({ name: '动作名称', within: '[role=dialog]' }, `客户改约 ${stamp}`)
	await keys.to({ name: '已约上门', within: '[role=dialog] [aria-label="从"]' })
	if (!(await page.evaluate(() => document.activeElement.getAttribute('aria-pressed') === 'true'))) await keys.press('Enter')
	await keys.choose({ name: '处理中', within: '[role=dialog] [aria-label="到"]' })
	await keys.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	await keys.choose('试一试')
	await page.getByText('多出来的动作').waitFor()
	await keys.choose('启用')
	await page.getByRole('button', { name: '停用', exact: true }).waitFor()
	await keys.go(`/ticket/${ticket.id}`)
	await keys.choose('约好上门')
	await page.locator('.steps .stage').getByText('已约上门').waitFor()
	await keys.choose(`客户改约 ${stamp}`)
	await page.waitForFunction(() => !document.querySelector('.steps .stage'))
	assert.equal((await api('GET', `/ticket/${ticket.id}`)).state, 'working')
})
