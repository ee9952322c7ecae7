/* A list opens with the first view there is; filtered to nothing it says which condition keeps out most, and dropping it brings the rows. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('nothing is shown before the view that it opens with', async () => {
	const desk = await openContext(browser, DESK)
	const asked = []
	await desk.context.route(/\/api\/v1\/ticket\?/, async (route) => {
		const query = new URL(route.request().url()).searchParams
		if (query.get('sort') !== 'created_at') asked.push(query.get('condition'))     // so asks the banner over every page
		await route.continue()
	})
	await enterConsole(desk.page)
	const [first] = (await api('GET', `/view?limit=100&filter=${encodeURIComponent('[["record","=","ticket"]]')}`)).items.sort((a, b) => a.position - b.position)
	await until(() => asked.includes(first.condition), 'the view is read')
	assert.deepEqual(asked, [first.condition])
	await desk.close()
})

test('who goes on before the list has chosen its view is not brought back', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.locator('tbody tr').first().waitFor()
	let letViews, letPage
	const views = new Promise((done) => (letViews = done)), code = new Promise((done) => (letPage = done))
	await page.route(/\/api\/v1\/view\?/, async (route) => { await views; await route.continue() })
	await page.route(/QueuePage\S*\.js/, async (route) => { await code; await route.continue() })
	await page.goto(`${process.env.ANXIN_URL}/ticket`)
	await page.locator('.list').waitFor()
	const [asked] = await Promise.all([page.waitForRequest(/QueuePage\S*\.js/), page.keyboard.press('g').then(() => page.keyboard.press('q'))])
	const answered = page.waitForResponse(/\/api\/v1\/view\?/)
	letViews()
	await (await answered).finished()
	await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
	letPage()
	await (await asked.response()).finished()
	await page.waitForURL(/\/queue/)
	await desk.close()
})

test('filtered to nothing', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	/* Nobody reminds a thousand times; without that, all closed tickets are there. */
	const [closed, reminded] = ['state = closed', 'remind_count >= 1000']
	const { total } = await api('GET', `/ticket?limit=1&total=1&condition=${encodeURIComponent(closed)}`)
	await page.goto(at(`/ticket?condition=${encodeURIComponent(`${closed} and ${reminded}`)}`))
	const note = page.locator('.empty')
	await note.getByText(`就有 ${total.toLocaleString('en')} 条`).waitFor()
	assert.match(await note.innerText(), /去掉“催办次数 不小于 1,000”/)
	await note.getByRole('button', { name: '去掉这个条件' }).click()
	await page.locator('tbody tr').first().waitFor()
	assert.equal(new URL(page.url()).searchParams.get('condition'), closed)
	await desk.close()
})
