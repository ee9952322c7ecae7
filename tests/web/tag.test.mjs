/* Tags by mouse and by keyboard: put on a ticket and a customer, asked for in a list, put on several rows and back, renamed and merged. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, until } from './desk.mjs'
import { axe, settled } from './page.mjs'
import { api, at } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
const mark = Date.now() % 100000
const [leak, vip, other] = [`漏水 ${mark}`, `VIP ${mark}`, `旧机 ${mark}`]
const go = (path) => page.goto(at(path))
const tagsOf = async (record, id) => (await api('GET', `/${record}/${id}`)).tags

test('a ticket is tagged by typing, with what there is offered, and untagged', async () => {
	const ticket = (await api('GET', `/ticket?limit=1&condition=${encodeURIComponent('state = new')}`)).items[0]
	await go(`/ticket/${ticket.id}`)
	const box = page.locator('.head').getByRole('combobox', { name: '加标签' })
	await box.fill(leak)
	await page.getByRole('option', { name: `新建“${leak}”` }).waitFor()
	await box.press('Enter')
	await box.pressSequentially(`${vip}，`)
	await until(async () => (await tagsOf('ticket', ticket.id)).join() === [leak, vip].join(), 'both are on')
	await page.getByRole('button', { name: `去掉标签 ${leak}` }).click()
	await until(async () => (await tagsOf('ticket', ticket.id)).join() === vip, 'one is left')
	await Promise.all([page.waitForResponse(/tag\/suggest/), box.fill(`vip${mark}`)])
	await settled(page)
	assert.equal(await page.getByRole('option').count(), 0, 'it is there already, however it is written')
	await box.press('Escape')
	await box.press('Backspace')
	await until(async () => (await tagsOf('ticket', ticket.id)).length === 0, 'none is left')
	await api('POST', `/ticket/${ticket.id}/tag`, { add: [leak, vip] })
	await page.locator('.head .chip', { hasText: leak }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.locator('.entry', { hasText: `加标签：${leak}` }).first().waitFor()

	await go(`/ticket?condition=${encodeURIComponent('created_at > 2020-01-01')}`)
	await page.locator('tbody tr').first().waitFor()
	await page.getByRole('button', { name: '条件', exact: true }).click()
	const panel = page.getByRole('form', { name: '条件' })
	await panel.getByLabel('字段').last().selectOption({ label: '标签' })
	await panel.locator('input[role=combobox][aria-label="值"]').fill(`漏水${mark}`)
	await page.getByRole('option', { name: leak }).click()
	assert.deepEqual(await axe(page), [])
	await panel.getByRole('button', { name: '应用' }).click()
	await page.locator('tbody tr', { hasText: ticket.no }).waitFor()
	await until(async () => await page.locator('tbody tr').count() === 1, 'the one that has it')
})

test('several customers are tagged, and it is taken back', async () => {
	await go('/customer')
	for (let i = 0; i < 2; i++) await page.locator('tbody tr').nth(i).locator('input[type=checkbox]').check()
	const ids = await page.locator('tbody tr').evaluateAll((rows) => rows.slice(0, 2).map((row) => row.querySelector('a').getAttribute('href').split('/').pop()))
	await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '标签' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel(/^加标签/).fill(other)
	await dialog.getByLabel(/^加标签/).press('Enter')
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '标签', exact: true }).click()
	await page.getByText('已处理 2 条').waitFor()
	for (const id of ids) assert.ok((await tagsOf('customer', id)).includes(other))
	await page.getByRole('button', { name: '撤销' }).click()
	await page.getByText('已撤销 2 条').waitFor()
	for (const id of ids) assert.ok(!(await tagsOf('customer', id)).includes(other))
	await go(`/customer/${ids[0]}`)
	const box = page.getByRole('combobox', { name: '加标签' })
	await box.fill(other)
	await box.press('Enter')
	await until(async () => (await tagsOf('customer', ids[0])).includes(other), 'put on again')
})

test('a tag is renamed and merged in one place', async () => {
	await go('/tag')
	await page.getByRole('searchbox').fill(String(mark))
	const row = (name) => page.locator('tbody tr', { hasText: name })
	await until(async () => await page.locator('tbody tr').count() === 3, 'three are found')
	assert.deepEqual(await axe(page), [])
	await row(leak).getByRole('button', { name: '改名' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('名称').fill(`渗漏 ${mark}`)
	await dialog.getByRole('button', { name: '保存' }).click()
	await row(`渗漏 ${mark}`).getByText(leak).waitFor()
	await row(vip).getByRole('button', { name: '合并' }).click()
	await dialog.getByLabel('并入').fill(`渗漏 ${mark}`)
	await page.getByRole('option', { name: `渗漏 ${mark}` }).click()
	assert.deepEqual(await axe(page), [])
	await dialog.getByRole('button', { name: '合并' }).click()
	await until(async () => await page.locator('tbody tr').count() === 2, 'two are left')
	const found = await api('GET', `/ticket?condition=${encodeURIComponent(`tags has any ("${vip}")`)}`)
	assert.deepEqual(found.items.map((t) => t.tags), [[`渗漏 ${mark}`]])
	await row(`渗漏 ${mark}`).getByRole('button', { name: `把“${vip}”分出来` }).click()
	await row(vip).waitFor()
	assert.equal((await api('GET', `/ticket/${found.items[0].id}`)).tags.length, 2)
})
