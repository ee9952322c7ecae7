/* Tickets linked and told apart, chosen ones merged, and customers who may be the same: by mouse, each step taken back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, until } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
const open = (path) => page.goto(at(path))
let number = Date.now() % 100000000
const phone = () => `138${String(++number).padStart(8, '0')}`
const customer = (more = {}) => api('POST', '/customer', { name: '周婷', phone: phone(), ...more })
const ticket = (of, text, more = {}) => api('POST', '/ticket', { scene: 'usage', customer_id: of.id, text, ...more })
const linksOf = async (one) => (await api('GET', `/ticket/${one.id}/link`)).items.map((l) => [l.kind, l.way, l.ticket_id])

test('a link made, removed and taken back', async () => {
	const [one, other] = [await ticket(await customer(), '冰箱怎么调温度'), await ticket(await customer(), '门关不上')]
	await open(`/ticket/${one.id}`)
	const card = page.getByRole('region', { name: '关联服务单' })
	await card.getByRole('button', { name: '关联' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByText('起因于').click()
	await dialog.getByRole('combobox').fill(other.no)
	await dialog.getByRole('option').first().click()
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '关联' }).click()
	await card.getByRole('link', { name: other.no }).waitFor()
	assert.deepEqual(await linksOf(other), [['caused_by', 'to', one.id]])
	await page.getByText(`关联：起因于 ${other.no}`).waitFor()
	await card.getByRole('button', { name: `取消与 ${other.no} 的关联` }).click()
	await page.getByText(`已取消与 ${other.no} 的关联`).waitFor()
	assert.deepEqual(await linksOf(one), [])
	await page.getByRole('button', { name: '撤销', exact: true }).last().click()
	await card.getByRole('link', { name: other.no }).waitFor()
	assert.deepEqual(await linksOf(one), [['caused_by', 'from', other.id]])
	await open(`/ticket/${other.id}`)
	await page.getByRole('region', { name: '关联服务单' }).getByText('引起').waitFor()
})

test('what looks the same: not, linked, merged', async () => {
	const she = await customer()
	const [one, other] = [await ticket(she, '冰箱冷藏室结冰很厚'), await ticket(she, '冷藏室结冰，很厚一层')]
	await open(`/ticket/${one.id}`)
	const hint = page.getByRole('group', { name: '可能是同一件事' })
	await hint.getByRole('button', { name: `不是 ${other.no}` }).click()
	await hint.waitFor({ state: 'detached' })
	await page.getByRole('button', { name: '撤销', exact: true }).last().click()
	await hint.getByRole('button', { name: `关联 ${other.no}` }).click()
	await hint.waitFor({ state: 'detached' })
	assert.deepEqual(await linksOf(one), [['related', 'from', other.id]])
	await page.getByRole('button', { name: `取消与 ${other.no} 的关联` }).click()
	await hint.getByRole('button', { name: `合并 ${other.no}` }).waitFor()
	assert.deepEqual(await axe(page), [])
	await hint.getByRole('button', { name: `合并 ${other.no}` }).click()
	await page.getByText(`已并入 ${one.no}`).waitFor()
	assert.ok((await api('GET', `/ticket/${other.id}`)).archived_at)
})

test('while filing, what is open already is shown', async () => {
	const she = await customer()
	const there = await ticket(she, '冰箱冷藏室结冰很厚')
	await open(`/ticket/new?customer_id=${she.id}`)
	await page.getByPlaceholder(/./).last().waitFor()
	await page.locator('textarea').first().fill('冷藏室结冰很厚')
	await page.getByText('客户有一张未完成的服务单看起来是同一件事').waitFor()
	await page.getByRole('link', { name: there.no }).waitFor()
})

test('chosen tickets of one customer merged, taken back, and their sheet', async () => {
	const she = await customer()
	const three = [await ticket(she, '冰箱怎么调温度'), await ticket(she, '门关不上'), await ticket(she, '有异响')]
	await open(`/ticket?condition=${encodeURIComponent(`customer_id = ${she.id}`)}`)
	await page.locator('tbody tr').nth(2).waitFor()
	for (let i = 0; i < 3; i++) await page.locator('tbody tr').nth(i).locator('input[type=checkbox]').check()
	const bar = page.getByRole('toolbar', { name: '批量操作' })
	await bar.getByRole('button', { name: '催办' }).waitFor()
	const down = page.waitForEvent('download')
	await bar.getByRole('link', { name: '导出' }).click()
	assert.match((await down).suggestedFilename(), /xlsx$/)
	await bar.getByRole('button', { name: '合并' }).click()
	await page.getByText(`2 张已并入 ${three[0].no}`).waitFor()
	assert.deepEqual(await Promise.all(three.map(async (one) => Boolean((await api('GET', `/ticket/${one.id}`)).archived_at))), [false, true, true])
	await page.getByRole('button', { name: '撤销', exact: true }).last().click()
	await page.locator('tbody tr').nth(2).waitFor()
	assert.deepEqual(await Promise.all(three.map(async (one) => Boolean((await api('GET', `/ticket/${one.id}`)).archived_at))), [false, false, false])
})

test('customers who may be the same: told apart, merged, each taken back', async () => {
	const same = phone()
	const [older, newer] = [await customer({ phone: same, name: '周婷婷' }), await customer({ phone: same, name: '周小婷' })]
	const listed = async () => (await api('GET', '/suspect')).items.some((p) => p.older_id === older.id && p.newer_id === newer.id)
	await until(listed, 'listed as perhaps the same')
	await open('/customer')
	await page.getByRole('button', { name: '查重' }).click()
	const pair = page.locator('.pair', { has: page.locator(`a[href$="/customer/${newer.id}"]`) })
	await pair.getByText('电话相同').waitFor()
	assert.deepEqual(await axe(page), [])
	await pair.getByRole('button', { name: '不是同一位' }).click()
	await pair.waitFor({ state: 'detached' })
	await page.getByRole('button', { name: '撤销', exact: true }).last().click()
	await pair.getByRole('button', { name: '合并到这一份' }).first().click()
	await pair.waitFor({ state: 'detached' })
	assert.equal((await api('GET', `/customer/${newer.id}`)).merged_into, older.id)
	await page.getByRole('button', { name: '撤销', exact: true }).last().click()
	await pair.waitFor()
	assert.equal((await api('GET', `/customer/${newer.id}`)).merged_into, null)
})
