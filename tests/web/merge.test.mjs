/* Two tickets of one matter merged and taken back; a colleague told of a ticket finds it behind the bell. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { accounts, api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function twoTickets() {
	const customer = await api('POST', '/customer', { name: '周婷', phone: `139${String(Date.now()).slice(-8)}` })
	const make = (text) => api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text })
	return [await make('冰箱怎么调温度'), await make('温度还是不会调')]
}

async function given(ticket) {
	const plan = await api('POST', '/compensation', { ticket_id: ticket.id, cause: '上门迟到两次', coupon_fen: 1000 })
	for (const [version, action] of ['approve', 'grant'].entries()) await api('POST', `/compensation/${plan.id}/action/${action}`, { version: version + 1 })
	return plan
}

async function talkOn(ticket, text) {
	const made = await api('POST', '/intake/message', { system: 'erp', person: randomUUID(), external_id: randomUUID(), text, customer_id: ticket.customer_id })
	await api('POST', `/conversation/${made.conversation_id}/ticket`, { ticket_id: ticket.id })
}

test('merge and take back', async () => {
	const [first, second] = await twoTickets()
	await api('POST', `/ticket/${second.id}/comment`, { text: '第二张单上的话', visibility: 'public' })
	const plan = await given(second)
	await talkOn(second, '扫地机不充电')
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/ticket/${first.id}`))
	await page.getByRole('button', { name: '合并', exact: true }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByRole('combobox').fill(second.no)
	await dialog.getByRole('option').first().click()
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '合并' }).click()
	await page.getByText('第二张单上的话').waitFor()
	await page.getByText(`已并入 ${first.no}`).waitFor()
	await page.getByRole('region', { name: '补偿方案' }).getByText(plan.no).waitFor()        // without loading the page anew
	await page.getByRole('region', { name: '补偿方案' }).getByText('¥10.00').first().waitFor()
	await page.getByRole('link', { name: /扫地机不充电/ }).waitFor()
	await page.goto(at(`/ticket/${first.id}/print`))
	await page.getByText('¥10.00').waitFor()
	await page.goto(at(`/ticket/${second.id}`))
	await page.getByRole('button', { name: '撤销合并' }).click()
	await page.getByText('已撤销合并').waitFor()
	assert.equal((await api('GET', `/ticket?condition=${encodeURIComponent(`no in ("${first.no}", "${second.no}")`)}`)).items.length, 2)
	await desk.close()
})

test('a mention behind the bell', async () => {
	const [ticket] = await twoTickets()
	const colleague = accounts().find((one) => one.account !== 'admin')
	const { items } = await api('GET', `/user?condition=${encodeURIComponent(`account = "${colleague.account}"`)}`)
	await api('POST', `/ticket/${ticket.id}/comment`, { text: '请看一下', visibility: 'internal', user_ids: [items[0].id] })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page, colleague)
	await page.getByRole('button', { name: /通知，\d+ 条未读/ }).click()
	const line = page.getByRole('dialog').getByRole('button', { name: new RegExp(`在 ${ticket.no} 中提到你`) })
	await line.waitFor()
	assert.deepEqual(await axe(page), [])
	await line.click()
	await page.waitForURL(new RegExp(`/ticket/${ticket.id}$`))
	await page.getByRole('button', { name: '关注', exact: true }).click()
	await page.getByRole('button', { name: '不再关注' }).waitFor()
	await desk.close()
})

test('a customer taken over by mouse, and back', async () => {
	const tail = String(Date.now()).slice(-7)
	const make = (name, n) => api('POST', '/customer', { name, phone: `137${n}${tail}` })
	const [one, other] = [await make('周小婷', 1), await make('周婷婷', 2)]
	const contact = await api('POST', '/contact', { customer_id: other.id, name: '周先生', phone: `136${tail}1` })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/customer/${one.id}`))
	await page.getByRole('button', { name: '合并', exact: true }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByRole('combobox').fill(`1372${tail}`)
	await dialog.getByRole('option').first().click()
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '合并' }).click()
	await page.getByText(/^已并入 ./).waitFor()
	const whose = async () => (await api('GET', `/contact/${contact.id}`)).customer_id
	assert.equal(await whose(), one.id)
	await page.getByRole('button', { name: '撤销', exact: true }).last().click()
	await page.getByText(/^已并入 ./).waitFor({ state: 'detached' })
	await until(async () => (await whose()) === other.id, 'hers again')
	await api('POST', `/customer/${one.id}/merge`, { customer_id: other.id })
	await page.goto(at(`/customer/${other.id}`))
	await page.getByRole('button', { name: '撤销合并' }).click()
	await page.getByText('已撤销合并').waitFor()
	assert.equal(await whose(), other.id)
	await desk.close()
})
