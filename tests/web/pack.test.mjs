/* The industry pack in the console: what changing it would do is shown first, then words change on every page, and the toast takes it
 * back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(async () => {
	await api('POST', '/pack/appliance/use', { from: 'retail' }).catch(() => null)      // the other files know the first one
	await browser.close()
})

const inUse = async () => (await api('GET', '/pack')).items.find((p) => p.active).name

test('a pack is looked at, taken up, and taken back by the toast', async () => {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(`${process.env.ANXIN_URL}/pack`)
	await desk.page.getByRole('button', { name: '预览切换：零售' }).click()
	await desk.page.getByText('服务单 → 售后单').waitFor()
	await desk.page.getByText('价保 · 24 小时退差').waitFor()
	assert.equal(await inUse(), 'appliance')
	assert.deepEqual(await axe(desk.page), [])
	await desk.page.getByRole('button', { name: '切换到“零售”' }).click()
	await desk.page.getByText('已切换到“零售”').waitFor()
	assert.equal(await inUse(), 'retail')
	await desk.page.getByRole('link', { name: '售后单' }).first().waitFor()
	await desk.page.getByRole('button', { name: '撤销' }).click()
	await desk.page.getByRole('link', { name: '服务单' }).first().waitFor()
	assert.equal(await inUse(), 'appliance')
	await desk.close()
})
