/* A company's report form: changed by mouse alone, filed on the phone, taken back; made by keyboard alone; faults at their place. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chooseProduct, newNumber, openPhone, sendReport, signIn } from './customer.mjs'
import { tabTo } from './desk.mjs'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole, enterInEnglish, putAway, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(async () => {
	await putAway('report_form')
	await browser.close()
})

const names = (page) => page.locator('[data-scene] .name').allInnerTexts()
const scene = (page, name) => page.locator(`[data-scene=${name}]`)

test('by mouse alone: a form changed, looked at, put in force, filed on the phone, read at the desk, taken back', async () => {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { page } = desk
	await page.goto(at('/report_form/new'))
	await page.getByRole('button', { name: '上门必备' }).click()
	const preview = page.locator('[data-preview]')
	await preview.locator('[data-question=o_floor]').getByText('楼上，没有电梯').waitFor()
	assert.deepEqual(await axe(page), [])

	await scene(page, 'usage').getByRole('checkbox').click()
	await scene(page, 'complaint').locator('.grip').dragTo(scene(page, 'repair').locator('.grip'))
	assert.equal((await names(page))[0], '投诉')
	await scene(page, 'repair').locator('.name').click()
	await page.getByRole('group', { name: '购买凭证' }).getByRole('button', { name: '不问' }).click()
	assert.equal(await preview.locator('[data-part=proof]').count(), 0)
	await preview.locator('[data-part=times]').waitFor()
	await page.getByRole('button', { name: '家在几楼', exact: true }).click()
	await page.getByRole('button', { name: '看看有哪些' }).click()
	await page.getByText('使用咨询').last().waitFor()
	await page.getByText('：方便的时间由“选填”改为“必填”').waitFor()
	await page.getByRole('button', { name: '启用', exact: true }).click()
	await page.getByRole('button', { name: '停用', exact: true }).waitFor()

	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await phone.page.locator('.grid').waitFor()
	const offered = await phone.page.locator('.grid b').allInnerTexts()
	assert.equal(offered[0], '投诉')
	assert.equal(offered.includes('使用咨询'), false)
	await phone.go('/report/repair')
	await chooseProduct(phone.page, '冰箱')
	await phone.page.locator('#safety button').first().click()
	await phone.page.locator('#problem textarea').fill('冷藏室不凉')
	await phone.page.locator('footer .primary').click()
	await phone.page.locator('#when .wrong').waitFor()
	await phone.page.locator('#o_floor .wrong').waitFor()
	assert.deepEqual(await axe(phone.page), [])
	await phone.page.locator('#o_floor label.chip', { hasText: '没有电梯' }).click()
	await phone.page.locator('#address input').fill('南京路 1 号')
	await phone.page.locator('#when label.chip').first().click()
	const ticket = await ticketByNumber(await sendReport(phone.page))
	assert.deepEqual(ticket.answers, { o_floor: 'o_stairs' })

	/* Taken back: the phone asks what it asked before, the answer is still read. */
	await page.getByRole('button', { name: '停用', exact: true }).click()
	await page.getByRole('button', { name: '启用', exact: true }).waitFor()
	await phone.go('/')
	await phone.page.locator('.grid b', { hasText: '使用咨询' }).waitFor()
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.locator('.problem').getByText('家在几楼').waitFor()
	await page.locator('.problem').getByText('楼上，没有电梯').waitFor()
	await phone.close()
	await desk.close()
})

test('a change is taken back by its toast, and by the history', async () => {
	const row = await api('POST', '/report_form', { name: '可撤销', state: 'on', scenes: [{ name: 'remote', off: true }] })
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { page } = desk
	await page.goto(at(`/report_form/${row.id}`))
	await scene(page, 'remote').getByRole('checkbox').click()
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.getByRole('button', { name: '撤销' }).click()
	await page.waitForFunction(() => !document.querySelector('[data-scene=remote] input').checked)
	assert.deepEqual((await api('GET', `/report_form/${row.id}`)).scenes, [{ name: 'remote', off: true }])
	await page.getByRole('button', { name: '变更历史' }).click()
	await page.getByRole('dialog').getByText('场景').first().waitFor()
	await desk.close()
})

test('by keyboard alone: found by Ctrl+K, a question of ones own asked, an order changed, put in force', async () => {
	await putAway('report_form')
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { page } = desk
	const press = async (wanted, key = 'Enter') => {
		await tabTo(page, wanted)
		await page.keyboard.press(key)
	}
	await page.keyboard.press('Control+k')
	await page.getByRole('combobox', { name: '搜索' }).waitFor()
	await page.keyboard.type('报修表单')
	const line = page.getByRole('option', { name: /报修表单/ }).first()
	await line.waitFor()
	while ((await line.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
	await page.keyboard.press('Enter')
	await page.waitForURL(/report_form$/)
	await press(/^新建/)
	await page.waitForURL(/report_form\/new$/)
	await tabTo(page, '名称')
	await page.keyboard.type('键盘')
	await press({ css: '[data-scene=complaint] .grip' }, 'Alt+ArrowUp')
	assert.deepEqual((await names(page)).slice(0, 3), ['故障报修', '投诉', '使用咨询'])
	await press({ css: '[data-scene=complaint] .name' })
	await press('加题目')
	await page.keyboard.type('合同号')
	await press('必须回答', 'Space')
	await page.locator('[data-preview] [data-question^=o_]').getByText('合同号').waitFor()
	await press('启用')
	await page.getByRole('button', { name: '停用', exact: true }).waitFor()
	const form = (await api('GET', '/report_form/now')).scenes
	assert.deepEqual(form.slice(0, 3).map((s) => s.name), ['repair', 'complaint', 'usage'])
	assert.deepEqual(form[1].fields.filter((f) => f.label.zh === '合同号').map((f) => [f.type, f.required]), [['text', true]])
	await desk.close()
})

test('what may not be said is said at its place, in English, dark, and fits a phone', async () => {
	await putAway('report_form')
	const desk = await openContext(browser, { ...PHONE, colorScheme: 'dark' })
	await enterInEnglish(desk)
	const { page } = desk
	await page.goto(at('/report_form/new'))
	await page.getByLabel('Name', { exact: true }).fill('Half')
	assert.equal(await scene(page, 'emergency').getByRole('checkbox').isDisabled(), true)
	await scene(page, 'usage').locator('.name').click()
	await page.getByRole('group', { name: 'Description' }).getByRole('button', { name: 'Not asked' }).click()
	await page.getByRole('button', { name: /^Put “What you have tried” away$/ }).click()
	await page.getByRole('button', { name: 'Put in force', exact: true }).click()
	await page.getByText('This scene would ask nothing').first().waitFor()
	assert.equal(await isWide(page), false, 'wider than the screen')
	const cut = await page.evaluate((width) => [...document.querySelectorAll('.beside *')].filter((one) => one.getBoundingClientRect().right > width + 0.5).length, PHONE.viewport.width)
	assert.equal(cut, 0)
	assert.deepEqual(await axe(page), [])
	await desk.close()
})
