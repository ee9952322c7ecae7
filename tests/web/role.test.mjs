/* A role that sees less: narrowed by a condition and by masks on its page; her person sees a masked phone, unmasks it with a reason, and the auditor
 * reads that. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { accountOf, api, at, enterConsole, hire } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const RIGHTS = ['ticket.read', 'ticket.reveal', 'customer.read', 'customer.reveal', 'product.read', 'device.read', 'user.read']

test('the page of a role: a condition and a mask, saved and in force at once', async () => {
	const person = await hire(RIGHTS, { conditions: [{ record: 'ticket', where: 'scene = repair' }] })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/role/${person.role.id}`))
	await page.locator('.rule').getByRole('heading', { name: '服务单', exact: true }).waitFor()
	await page.locator('label').filter({ hasText: '服务单 ·' }).first().locator('input').check()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.getByText('已保存').first().waitFor()
	const saved = await api('GET', `/role/${person.role.id}`)
	assert.deepEqual(saved.conditions, [{ record: 'ticket', where: 'scene = repair' }])
	assert.equal(saved.masks.length, 1)
	await desk.close()
})

test('a masked phone is unmasked with a reason', async () => {
	const person = await hire(RIGHTS)
	const phone = `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
	const customer = await api('POST', '/customer', { name: '王小明', phone })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page, person)
	await page.goto(at(`/customer/${customer.id}`))
	await page.getByText(`${phone.slice(0, 3)}****${phone.slice(-4)}`).first().waitFor()
	assert.equal(await page.getByText(phone).count(), 0)
	await page.getByRole('button', { name: /电话|手机/ }).first().click()
	const why = page.locator('[role=dialog] label').first()
	const purpose = (await why.innerText()).trim()
	await why.click()
	await page.locator('[role=dialog] button[type=submit]').click()
	await page.getByText(phone).first().waitFor()
	await desk.close()

	/* Whoever looks after the audit finds who looked, at whom and why; the number itself is not repeated there. */
	const auditor = await openContext(browser, DESK)
	await enterConsole(auditor.page, accountOf('audit'))
	await auditor.page.goto(at('/audit?area=reading'))
	const entry = auditor.page.locator('tbody tr').first()
	await entry.filter({ hasText: purpose }).waitFor()
	assert.match(await entry.innerText(), new RegExp(`${person.user.name}[\\s\\S]*客户 · 查看原文[\\s\\S]*客户 ${customer.id}`))
	await entry.press('Enter')
	const drawer = auditor.page.locator('.drawer')
	await drawer.getByText(purpose).first().waitFor()
	assert.doesNotMatch(await drawer.innerText(), new RegExp(phone))
	assert.deepEqual(await axe(auditor.page), [])
	await auditor.close()
})

test('every right is said in words', async () => {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at('/role/new'))
	await desk.page.locator('label.more').first().waitFor()
	const rights = await desk.page.locator('label.more').allInnerTexts()
	assert.deepEqual(rights.filter((text) => /^[a-z_]+\.[a-z_]+$/.test(text.trim())), [])
	await desk.close()
})

test('a role is found by its name, in its list and from everywhere', async () => {
	const name = `找得到的角色${Date.now() % 1e6}`
	const role = await api('POST', '/role', { code: `found_${Date.now() % 1e9}`, name, permissions: [], scope: 'own' })
	await until(async () => (await api('GET', `/search?q=${encodeURIComponent(name)}`)).items.some((hit) => hit.row.id === role.id), 'in the index')
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/role?q=${encodeURIComponent(name)}`))
	await page.locator('tbody tr').first().waitFor()
	assert.equal(await page.locator('tbody tr').count(), 1)
	await page.keyboard.press('Control+k')
	await page.getByRole('dialog').locator('input').fill(name)
	await page.getByRole('dialog').getByText(name).first().waitFor()
	await page.keyboard.press('Enter')
	await page.waitForURL((to) => to.pathname === `/role/${role.id}`)
	await desk.close()
})
