/* A list that is filtered to nothing says which condition keeps out most, and dropping it brings the rows. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('filtered to nothing', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	/* Nobody reminds a thousand times; without that, all closed tickets are there. */
	const [closed, reminded] = ['state = closed', 'remind_count >= 1000']
	const { total } = await api('GET', `/ticket?limit=1&total=1&condition=${encodeURIComponent(closed)}`)
	await page.goto(`${process.env.ANXIN_URL}/ticket?condition=${encodeURIComponent(`${closed} and ${reminded}`)}`)
	const note = page.locator('.empty')
	await note.getByText(`就有 ${total.toLocaleString('en')} 条`).waitFor()
	assert.match(await note.innerText(), /去掉“催办次数 不小于 1,000”/)
	await note.getByRole('button', { name: '去掉这个条件' }).click()
	await page.locator('tbody tr').first().waitFor()
	assert.equal(new URL(page.url()).searchParams.get('condition'), closed)
	await desk.close()
})
