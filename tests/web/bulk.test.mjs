/* Several rows at once: a field set and taken back, a macro run, a row that refuses is named and stays chosen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at } from './staff.mjs'

let page
atDesk((opened) => { page = opened })

async function choose(path, n) {
	await page.goto(at(path))
	await page.locator('tbody tr').nth(n - 1).waitFor()
	for (let i = 0; i < n; i++) await page.locator('tbody tr').nth(i).locator('input[type=checkbox]').check()
	await page.getByText(`已选 ${n}`).waitFor()
	return page.locator('tbody tr').evaluateAll((rows, most) => rows.slice(0, most).map((row) => row.querySelector('a').getAttribute('href').split('/').pop()), n)
}
const all = (record, ids) => Promise.all(ids.map((id) => api('GET', `/${record}/${id}`)))

test('a field of three rows, and back', async () => {
	const ids = await choose('/customer?condition=level+%3D+standard', 3)
	await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '改字段' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('字段').selectOption('level')
	await dialog.getByLabel('等级').selectOption('vip')
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '改字段' }).click()
	await page.getByText('已处理 3 条').waitFor()
	assert.deepEqual((await all('customer', ids)).map((one) => one.level), ['vip', 'vip', 'vip'])
	await page.getByRole('button', { name: '撤销' }).click()
	await page.getByText('已撤销 3 条').waitFor()
	assert.deepEqual((await all('customer', ids)).map((one) => one.level), ['standard', 'standard', 'standard'])
})

test('a macro; the row that refuses is named and stays chosen', async () => {
	const name = `升级并回访 ${Date.now() % 100000}`
	await api('POST', '/macro', { record: 'ticket', name, audience: 'company', actions: [{ do: 'move', action: 'grade', fields: { grade: 'urgent' } }, { do: 'task', title: '回访', kind: 'call_back', due: 86400 }] })
	const one = async (state) => (await api('GET', `/ticket?limit=1&condition=${encodeURIComponent(`state = ${state} and grade = normal`)}`)).items[0]
	const [open, closed] = [await one('working'), await one('closed')]
	await choose(`/ticket?condition=${encodeURIComponent(`no in ("${open.no}", "${closed.no}")`)}`, 2)
	await page.getByRole('button', { name: '宏', exact: true }).click()
	await page.getByRole('button', { name }).click()
	await page.getByText(/已处理 1 条、.+：/).waitFor()
	assert.deepEqual((await all('ticket', [open.id, closed.id])).map((row) => row.grade), ['urgent', 'normal'])
	assert.equal(await page.locator('tbody tr.chosen').count(), 1)
	await page.goto(at(`/task?condition=${encodeURIComponent('title = "回访"')}`))
	await page.getByRole('cell', { name: '回访' }).first().waitFor()
})
