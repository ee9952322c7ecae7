/* Flows as pictures: every state and every move of the API's description stands there, a state chosen by keyboard shows its moves, and the
 * words are those of the industry. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('each flow is drawn and told, and a state shows what leads away from it', async () => {
	const { flows } = await api('GET', '/meta')
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/flow'))
	for (const [i, flow] of flows.entries()) {
		if (i) await desk.page.locator('.page .chips button').nth(i).click()
		await desk.page.locator('svg g.node').nth(flow.states.length - 1).waitFor()
		const nodes = await desk.page.locator('svg g.node .name').allTextContents()
		assert.deepEqual(nodes, flow.states.map((s) => s.label.zh))
		const drawn = (await desk.page.locator('svg .arrows text').allTextContents()).join('、')
		const told = (await desk.page.locator('tbody td:first-child').allTextContents()).map((text) => text.trim())
		for (const action of flow.actions) {
			if (action.to) assert.ok(drawn.includes(action.label.zh), `${action.name} is not drawn`)
			assert.ok(told.includes(action.label.zh), `${action.name} is not told`)
		}
		for (const who of await desk.page.locator('tbody td:nth-child(4)').allTextContents()) assert.doesNotMatch(who, /[a-z]\.[a-z]/, 'whose it is, is said in words')
		assert.deepEqual(await axe(desk.page), [])
	}
	await desk.close()
})

test('by keyboard: Enter on a state leaves its moves in the table, Enter again all', async () => {
	const ticket = (await api('GET', '/meta')).flows.find((f) => f.name === 'ticket')
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/flow'))
	const node = desk.page.locator('svg g.node').nth(4)
	await node.focus()
	await desk.page.keyboard.press('Enter')
	assert.equal(await node.getAttribute('aria-pressed'), 'true')
	const from = ticket.actions.filter((a) => a.from.includes('resolved')).map((a) => a.label.zh)
	assert.deepEqual((await desk.page.locator('tbody td:first-child').allTextContents()).map((text) => text.trim()), from)
	assert.ok(await desk.page.getByText('未超过可重新打开的期限').first().isVisible())
	await desk.page.keyboard.press('Enter')
	assert.equal(await desk.page.locator('tbody tr').count(), ticket.actions.length)
	await desk.close()
})
