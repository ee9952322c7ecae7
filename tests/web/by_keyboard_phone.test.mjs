/* A customer's pages with a keyboard (a tablet on its stand, a switch for somebody who cannot hold a phone): reports a repair, looks at it, confirms and
   rates. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone } from './customer.mjs'
import { keysOf } from './keys.mjs'
import { codeFor, move, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser, phone
before(async () => {
	browser = await launch()
	phone = await openPhone(browser)
})
after(async () => {
	await phone.close()
	await browser.close()
})

test('a repair is reported, looked at and rated', async () => {
	const { page } = phone, keys = keysOf(page), number = newNumber()
	await keys.choose(/^故障报修/)
	await page.waitForURL(/sign-in/)
	await keys.type('手机号', number)
	await keys.choose('获取验证码')
	await page.locator('#code-note').filter({ hasText: '****' }).waitFor()
	await keys.type('短信验证码', await codeFor(number))
	await keys.press('Enter')
	await page.waitForURL((url) => url.hash.includes('report/repair'))

	await keys.choose({ css: '#device .link' })
	await page.locator('dialog').waitFor()
	await keys.choose({ name: /冰箱/, within: 'dialog' })
	await page.locator('dialog').waitFor({ state: 'detached' })
	await keys.choose({ css: '#safety button' })
	await keys.mark(/^结冰结霜/)
	await keys.type({ css: '#problem textarea' }, '冷藏室后壁结冰')
	await keys.choose({ css: 'footer .primary' })
	const no = (await page.locator('.number').textContent()).trim()
	const ticket = await ticketByNumber(no)
	assert.deepEqual([ticket.scene, ticket.danger || 'none'], ['repair', 'none'])

	await keys.choose({ css: 'footer .primary' })
	await page.locator('.head .state', { hasText: '已收到' }).waitFor()
	for (const [action, body] of [['accept'], ['start'], ['resolve', { steps: '清理排水口', result: '不再结冰' }]]) await move(no, action, body)
	await keys.choose('确认解决')
	await page.getByRole('dialog').waitFor()
	await keys.choose({ name: '确认解决', within: 'dialog' })
	await page.waitForURL(/rate/)
	await keys.choose({ css: '[role=radio]' })
	await keys.type({ css: 'textarea' }, '师傅很准时')
	await keys.choose({ css: 'footer .primary' })
	await page.getByText('师傅很准时').first().waitFor()
	assert.ok((await ticketByNumber(no)).rating)
})
