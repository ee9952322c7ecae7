/* A company's own flow, built from an example by mouse alone and from nothing by keyboard alone, put in force, and a ticket walked through
 * it; then the state is taken away, and the page asks where its tickets go. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole, putAway } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(async () => {
	await putAway('flow')
	await browser.close()
})

async function newTicket() {
	const customer = await api('POST', '/customer', { name: '周婷', phone: `139${String(Date.now()).slice(-8)}` })
	const row = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '怎么调温度' })
	return api('POST', `/ticket/${row.id}/action/accept`, { version: row.version })
}

test('the visit example, by mouse alone: a move changed in the picture, tried, put in force, a ticket walked through it', async () => {
	const ticket = await newTicket()
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { page } = desk
	await page.goto(at('/flow'))
	await page.getByRole('button', { name: '改流程' }).click()
	await page.getByRole('button', { name: '上门与备件' }).click()
	await page.locator('svg g.node[data-state=parts]').waitFor()
	assert.equal(await page.locator('svg g.node.own').count(), 2)
	await page.locator('tspan[data-move=o_parts]').first().click()
	const pane = page.getByRole('dialog')
	await pane.getByRole('button', { name: '不用' }).click()
	await pane.getByRole('button', { name: '好了' }).click()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '试一试' }).click()
	await page.getByText('多出来的动作').waitFor()
	await page.getByRole('button', { name: '启用', exact: true }).click()
	await page.getByRole('button', { name: '停用', exact: true }).waitFor()

	await page.goto(at(`/ticket/${ticket.id}`))
	await page.getByRole('button', { name: '约好上门' }).click()
	await page.locator('.steps .stage').getByText('已约上门').waitFor()
	await page.getByRole('button', { name: '缺件，等备件' }).click()
	await page.locator('.steps .stage').getByText('待备件').waitFor()
	assert.equal(await page.getByRole('button', { name: '完成处理' }).count(), 0)
	await page.getByText('缺件，等备件').first().waitFor()
	assert.deepEqual(await axe(page), [])
	await page.goto(at(`/ticket?condition=${encodeURIComponent('stage = parts')}`))
	await page.locator('tbody').getByText('待备件').first().waitFor()

	/* Taken away with a ticket in it: the page asks where that goes. */
	const flow = (await api('GET', '/flow?limit=50')).items.find((f) => f.state === 'on')
	await page.goto(at(`/flow/${flow.id}`))
	await page.getByRole('button', { name: '停用', exact: true }).click()
	await page.getByText('这些环节里还有单据，移到哪里？').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '移走并继续' }).click()
	await page.getByRole('button', { name: '启用', exact: true }).waitFor()
	const now = await api('GET', `/ticket/${ticket.id}`)
	assert.deepEqual([now.state, now.stage], ['working', ''])
	await desk.close()
})

test('by keyboard alone: a state and its moves from nothing, put in force, walked through', async () => {
	const ticket = await newTicket()
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { page } = desk
	const press = async (name, box = page) => {
		await box.getByRole('button', { name, exact: true }).first().focus()
		await page.keyboard.press('Enter')
	}
	const write = async (label, text) => {
		await page.getByRole('dialog').getByLabel(label, { exact: true }).focus()
		await page.keyboard.type(text)
	}
	await page.goto(at('/flow/new?object=ticket'))
	await page.getByLabel('名称', { exact: true }).focus()
	await page.keyboard.type('寄修')
	await press('加环节')
	await write('环节名称', '等寄回')
	await press('等待客户', page.getByRole('dialog'))
	await press('加一个从这里出发的动作')
	await write('动作名称', '收到件了')
	await press('处理中', page.getByRole('dialog').getByRole('group', { name: '到', exact: true }))
	await page.getByText('按内置动作“继续处理”执行').waitFor()
	await press('好了', page.getByRole('dialog'))
	await press('加动作')
	await write('动作名称', '请寄回')
	const pane = page.getByRole('dialog')
	if (await pane.getByRole('group', { name: '从', exact: true }).getByRole('button', { name: '等寄回' }).getAttribute('aria-pressed') === 'true') await press('等寄回', pane.getByRole('group', { name: '从', exact: true }))
	await press('已受理', pane.getByRole('group', { name: '从', exact: true }))
	await press('等寄回', pane.getByRole('group', { name: '到', exact: true }))
	await page.keyboard.press('Escape')
	await press('启用')
	await page.getByRole('button', { name: '停用', exact: true }).waitFor()

	await page.goto(at(`/ticket/${ticket.id}`))
	await press('请寄回')
	await page.getByRole('dialog').getByLabel('原因').focus()
	await page.keyboard.type('检测不出')
	await press('请寄回', page.getByRole('dialog'))
	await page.locator('.steps .stage').getByText('等寄回').waitFor()
	await press('收到件了')
	await page.waitForFunction(() => !document.querySelector('.steps .stage'))
	assert.deepEqual([(await api('GET', `/ticket/${ticket.id}`)).state], ['working'])
	await desk.close()
})

test('what does not hold together is said where it is, and fits a phone', async () => {
	await putAway('flow')
	const desk = await openContext(browser, PHONE)
	await enterConsole(desk.page)
	const { page } = desk
	await page.goto(at('/flow/new?object=ticket'))
	await page.getByLabel('名称', { exact: true }).fill('半个流程')
	await page.getByRole('button', { name: '加环节' }).click()
	await page.getByRole('dialog').getByLabel('环节名称', { exact: true }).fill('孤岛')
	await page.getByRole('dialog').getByRole('button', { name: '好了' }).click()
	await page.getByRole('button', { name: '启用', exact: true }).click()
	await page.getByText('没有动作能到“孤岛”').waitFor()
	assert.equal(await isWide(page), false, 'wider than the screen')
	assert.deepEqual(await axe(page), [])
	await desk.close()
})

test('the flows of the company are searched by their names', async () => {
	const name = (n) => `搜得到的流程${n}`
	for (const n of ['甲', '乙']) await api('POST', '/flow', { object: 'ticket', name: name(n), state: 'draft', states: [], moves: [] })
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { page } = desk
	await page.goto(at('/flow'))
	await page.getByText(name('乙')).waitFor()
	const box = page.getByLabel('搜索本企业的流程')
	await box.fill(name('甲'))
	await box.press('Enter')
	await page.getByText(name('乙')).waitFor({ state: 'detached' })
	await page.getByText(name('甲')).waitFor()
	assert.deepEqual(await axe(page), [])
	await box.fill('没有这样的流程名')
	await box.press('Enter')
	await page.getByText(name('甲')).waitFor({ state: 'detached' })
	await box.waitFor()
	await desk.close()
})
