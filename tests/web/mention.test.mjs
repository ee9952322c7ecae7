/* Naming a colleague in a note by keyboard; a mail address names nobody; who watches, and ending it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, at, enterConsole, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

const HOSTILE = '<img src=x onerror=document.title=1>'
let browser, ticket, role
before(async () => {
	browser = await launch()
	const customer = await api('POST', '/customer', { name: '周婷', phone: `139${String(Date.now()).slice(-8)}` })
	ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text: '冰箱怎么调温度' })
	role = await api('POST', '/role', { code: `named_${Date.now() % 1_000_000}`, name: '值班', permissions: ['ticket.read', 'customer.read'], scope: 'all' })
})
after(() => browser.close())

let made = 0
const PASSWORD = 'her-own-password'
async function colleague(name) {
	const user = await api('POST', '/user', { account: `named_${Date.now() % 1_000_000}_${made++}`, name, role_id: role.id })
	await api('POST', `/user/${user.id}/password`, { password: PASSWORD })
	return user
}
async function told({ account }) {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page, { account, password: PASSWORD })
	const { items } = await (await desk.page.request.get(at('/api/v1/notification'))).json()
	await desk.close()
	return items.map((one) => [one.kind, one.object_id])
}
const open = async (desk) => {
	await desk.page.goto(at(`/ticket/${ticket.id}`))
	await desk.page.locator('form.compose textarea').waitFor()
	await desk.page.keyboard.press('Alt+n')
	const box = desk.page.locator('textarea:focus')
	await box.waitFor()
	return box
}
const lastNote = async () => (await api('GET', `/ticket/${ticket.id}/timeline?kind=internal`)).items[0]

test('by sound, arrows and Enter: a chip in the text, and exactly that person is told', async () => {
	const [first, second] = [await colleague('覃小鸢'), await colleague('覃小鸢鸢')]
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	const box = await open(desk)
	await page.keyboard.type('先问li@factory.cn，请@qinxy')
	const list = page.getByRole('listbox', { name: '同事' })
	await list.getByRole('option').nth(1).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Escape')
	await list.waitFor({ state: 'detached' })
	await page.keyboard.press('Backspace')
	assert.equal(await list.count(), 0, 'closed by hand it stays closed')
	await page.keyboard.press('Backspace')
	await page.keyboard.press('Backspace')
	await page.keyboard.press('Backspace')
	await page.keyboard.press('Backspace')
	await page.keyboard.press('Backspace')
	await page.keyboard.type('@qinxy')
	await list.getByRole('option').nth(1).waitFor()
	await list.getByRole('option').nth(2).waitFor({ state: 'detached' }) // no more those of half the word
	const wanted = list.getByRole('option').filter({ hasText: second.account })
	const isFirst = (await wanted.getAttribute('aria-selected')) === 'true'
	for (const key of isFirst ? ['ArrowDown', 'ArrowUp'] : ['ArrowDown', 'ArrowUp', 'ArrowDown']) await page.keyboard.press(key)
	await list.locator('[aria-selected=true]').filter({ hasText: second.account }).waitFor()
	await page.keyboard.press('Enter')
	await page.keyboard.type('看一下')
	const text = await box.inputValue()
	assert.equal(text, '先问li@factory.cn，请@覃小鸢鸢 看一下')
	await page.locator('.mirror mark').waitFor()
	await page.keyboard.press('Control+Enter')
	const chip = page.locator('.entries .named')
	await chip.waitFor()
	assert.equal(await page.locator('.entries .named').count(), 1, 'the mail address names nobody')
	assert.deepEqual(await axe(page), [])
	const { named } = await lastNote()
	assert.deepEqual(named.map((one) => one.id), [second.id])
	assert.equal(await chip.textContent(), '@覃小鸢鸢')
	assert.deepEqual(await told(second), [['mention', ticket.id]])
	assert.deepEqual(await told(first), [])
	await desk.close()
})

test('whose name is taken out again is not told; a draft keeps whom it names; a hostile name is text', async () => {
	const hostile = await colleague(HOSTILE), gone = await colleague('苗云岫')
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterInEnglish(desk)
	let box = await open(desk)
	await page.keyboard.type('@苗云岫')
	await page.getByRole('listbox', { name: 'Colleagues' }).getByRole('option').first().waitFor()
	await page.keyboard.press('Enter')
	assert.equal(await box.inputValue(), '@苗云岫 ')
	await box.fill('')
	await page.keyboard.type(`@${hostile.account}`)
	await page.getByRole('listbox', { name: 'Colleagues' }).getByRole('option').first().waitFor()
	await page.keyboard.press('Enter')
	assert.equal(await box.inputValue(), `@${HOSTILE} `)
	box = await open(desk)
	await until(async () => (await box.inputValue()).startsWith(`@${HOSTILE}`), 'the draft')
	await page.locator('.mirror mark').waitFor()
	await page.keyboard.press('Control+Enter')
	await page.locator('.entries .named', { hasText: 'onerror' }).waitFor()
	assert.notEqual(await page.title(), '1')
	const { named } = await lastNote()
	assert.deepEqual(named.map((one) => one.id), [hostile.id], `${gone.id} is not named any more`)
	assert.deepEqual(await told(hostile), [['mention', ticket.id]])
	assert.deepEqual(await told(gone), [])
	await desk.close()
})

test('who watches: by key, seen by name, taken off by a supervisor', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/ticket/${ticket.id}`))
	await page.getByRole('button', { name: '关注', exact: true }).waitFor()
	await page.keyboard.press('w')
	await page.getByRole('button', { name: '不再关注', exact: true }).waitFor()
	await page.getByRole('button', { name: /^谁在关注/ }).click()
	const menu = page.getByRole('dialog', { name: '谁在关注' })
	const me = (await api('GET', '/session')).user
	await menu.getByText(me.name).waitFor()
	assert.deepEqual(await axe(page), [])
	await menu.getByRole('button', { name: `不再让${me.name}关注` }).click()
	await page.getByRole('button', { name: '关注', exact: true }).waitFor()
	await menu.getByText('还没有人关注').waitFor()
	await page.keyboard.press('Escape')
	await menu.waitFor({ state: 'detached' })
	await desk.close()
})
