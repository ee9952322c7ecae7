/* Demo data as a new administrator meets them: chosen on the first run, looked at, taken away, and the desk is her own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atNewServer } from './desk.mjs'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'

let browser, server, word
atNewServer((...opened) => { [browser, server, word] = opened })

const url = (path) => server.url + path
const PATIENCE = { timeout: 60_000 }

test('founded with demo data, looked at, removed: an empty desk', async () => {
	const { page, close } = await openContext(browser, DESK)
	await page.goto(url(`/first-run#${word}`))
	await page.getByLabel('安装口令').waitFor()
	const fields = { organization: '北方电器', name: '李华', username: 'lihua', 'new-password': 'a long enough word', again: 'a long enough word' }
	for (const [name, text] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(text)
	assert.equal(await page.getByRole('radio', { name: '空的企业' }).isChecked(), true)
	await page.getByRole('radio', { name: '带演示数据' }).check()
	assert.deepEqual(await axe(page), [])
	await page.locator('button[type=submit]').click()
	await page.waitForURL((at) => at.pathname === '/steps')

	const bar = page.getByText(/含 \d+ 条演示数据/)
	await bar.waitFor(PATIENCE)
	assert.deepEqual(await axe(page), [])
	await page.goto(url('/ticket'))
	await page.locator('tbody tr').first().waitFor()
	assert.ok(await page.locator('tbody tr').count() > 0, 'tickets to look at')
	await page.goto(url('/promise'))
	await page.getByText(/\d+(\.\d+)? ?%/).first().waitFor()

	await page.getByRole('link', { name: '查看与移除' }).click()
	await page.getByRole('heading', { name: '演示数据' }).waitFor()
	await page.getByRole('button', { name: '移除演示数据' }).click()
	const dialog = page.getByRole('dialog')
	const verb = dialog.getByRole('button', { name: /移除 \d+ 条/ })
	await verb.waitFor()
	assert.match(await dialog.textContent(), /将删除：.*服务单\s*\d+.*客户\s*24/)
	assert.deepEqual(await axe(page), [])
	await verb.click()
	await page.getByText(/已移除 \d+ 条演示数据。/).waitFor(PATIENCE)
	assert.equal(await bar.count(), 0, 'the line goes with them')
	assert.deepEqual(await axe(page), [])
	for (const record of ['ticket', 'customer', 'device', 'product', 'team']) {
		const list = await (await page.request.get(url(`/api/v1/${record}`))).json()
		assert.deepEqual(list.items, [], record)
	}
	await page.goto(url('/customer'))
	await page.getByText('还没有', { exact: false }).first().waitFor()
	await close()
})

test('loaded later, on a phone; what one has made oneself is told to stay', async () => {
	const { page, close } = await openContext(browser, PHONE)
	await page.goto(url('/login'))
	await page.locator('input[name=username]').fill('lihua')
	await page.locator('input[name=password], input[type=password]').first().fill('a long enough word')
	await page.locator('button[type=submit]').click()
	await page.waitForURL((at) => at.pathname !== '/login')
	await page.goto(url('/system#demo'))
	await page.getByRole('button', { name: '载入演示数据' }).click()
	await page.getByRole('button', { name: '移除演示数据' }).waitFor(PATIENCE)
	assert.equal(await isWide(page), false)
	assert.deepEqual(await axe(page), [])
	const one = (await (await page.request.get(url('/api/v1/customer?limit=1'))).json()).items[0]
	const made = await page.request.post(url('/api/v1/ticket'), { data: { customer_id: one.id, scene: 'usage', channel: 'phone', text: '自己的一件事' },
		headers: { Origin: server.url, 'Idempotency-Key': 'one of her own' } })
	assert.equal(made.status(), 201)
	await page.getByRole('button', { name: '移除演示数据' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByText('您自己的数据用到这些', { exact: false }).waitFor()
	assert.equal(await isWide(page), false)
	await dialog.getByRole('button', { name: /移除 \d+ 条/ }).click()
	await page.getByText(/被您自己的数据用到，已留下/).waitFor(PATIENCE)
	const left = (await (await page.request.get(url('/api/v1/ticket'))).json()).items
	assert.deepEqual(left.map((t) => t.customer_id), [one.id])
	await close()
})
