/* The company's settings in the console: found by words, changed one at a time, refused with the bounds, settled between two people,
 * taken back, and kept with their history. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, setSetting, enterConsole, enterInEnglish, at } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const NAME = 'code.life'
const stored = () => api('GET', `/setting/${NAME}`)
const put = async (value) => setSetting(NAME, value)

async function open(options = {}) {
	const desk = await openContext(browser, { ...DESK, ...options })
	await enterConsole(desk.page)
	await desk.page.goto(at('/setting'))
	await desk.page.locator('.row').first().waitFor()
	return desk
}

/* The row of the one setting that these words find. */
async function find(page, words, label) {
	await page.locator('input[type=search]').last().fill(words)
	const row = page.locator('.row')
	await page.waitForFunction(() => document.querySelectorAll('.row').length === 1)
	return { row, box: row.getByLabel(label, { exact: true }) }
}

test('a value outside its bounds is refused under its box and changes nothing', async () => {
	const desk = await open()
	const { row, box } = await find(desk.page, '验证码 失效', '验证码有效时间')
	await box.fill('61')
	await box.press('Enter')
	await row.getByText('超出范围，应为 1–60 分钟').waitFor()
	assert.equal(await box.getAttribute('aria-invalid'), 'true')
	await box.press('Escape')
	assert.equal(await box.inputValue(), '10')
	assert.equal((await stored()).value, 10)
	await desk.close()
})

test('a value is saved by itself, marked as changed, and taken back by the toast', async () => {
	const desk = await open()
	const { row, box } = await find(desk.page, 'code.life', '验证码有效时间')
	await box.fill('２０')
	await row.getByRole('button', { name: '保存' }).click()
	await desk.page.getByText('已改为 20 分钟').waitFor()
	await row.getByText('已改', { exact: true }).waitFor()
	assert.equal((await stored()).value, 20)
	await desk.page.getByRole('button', { name: '撤销' }).click()
	await row.getByText('已改', { exact: true }).waitFor({ state: 'detached' })
	assert.equal(await box.inputValue(), '10')
	assert.deepEqual([(await stored()).value, (await stored()).source], [10, 'default'])
	await desk.close()
})

test('somebody else was faster: both values are shown, and one is chosen', async () => {
	const desk = await open()
	const { row, box } = await find(desk.page, 'code.life', '验证码有效时间')
	await put(30)
	await box.fill('25')
	await box.press('Enter')
	await row.getByText('同时有人改成了 30 分钟').waitFor()
	assert.equal((await stored()).value, 30)
	await row.getByRole('button', { name: '保存我的' }).click()
	await row.getByText('同时有人改成了').waitFor({ state: 'detached' })
	assert.equal((await stored()).value, 25)
	await put(40)
	await box.fill('15')
	await box.press('Enter')
	await row.getByRole('button', { name: '采用对方的' }).click()
	assert.equal(await box.inputValue(), '40')
	await row.getByRole('button', { name: '验证码有效时间的变更历史' }).click()
	const drawer = desk.page.locator('.drawer')
	await drawer.getByText('40 分钟').first().waitFor()
	assert.match(await drawer.innerText(), /25 分钟/)
	await desk.page.keyboard.press('Escape')
	await row.getByRole('button', { name: '恢复默认' }).click()
	await desk.page.getByText('已恢复为 10 分钟').waitFor()
	assert.equal((await stored()).source, 'default')
	await desk.close()
})

test('the server\'s settings are shown and not changed here; only what was changed when asked so', async () => {
	await put(12)
	const desk = await open()
	await desk.page.getByLabel('只看改过的').check()
	await desk.page.waitForFunction(() => document.querySelectorAll('.row').length === 1)
	await desk.page.getByLabel('只看改过的').uncheck()
	await desk.page.getByRole('button', { name: '服务器', exact: true }).click()
	await desk.page.getByText('http.body_json').waitFor()
	assert.equal(await desk.page.locator('.row input, .row select').count(), 0)
	await put(null)
	await desk.close()
})

test('English is English alone', async () => {
	const desk = await openContext(browser, DESK)
	await enterInEnglish(desk)
	await desk.page.goto(at('/setting'))
	await desk.page.getByText('Life of a code').first().waitFor()
	/* who changed a setting keeps his name */
	await desk.page.evaluate(() => document.querySelectorAll('main .name').forEach((one) => one.remove()))
	assert.doesNotMatch(await desk.page.locator('main').innerText(), /[\u4e00-\u9fff]/)
	await desk.close()
})
