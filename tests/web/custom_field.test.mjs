/* A field of the company's own: defined by mouse, filled on a ticket, asked for in the list, seen in the history. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { atDesk } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at } from './staff.mjs'

let page
const name = `安装位置 ${Date.now() % 100000} <b>`
atDesk((opened) => { page = opened })
after(async () => {
	for (const field of (await api('GET', `/custom_field?condition=${encodeURIComponent(`name = "${name}"`)}`)).items) await api('POST', `/custom_field/${field.id}/archive`, { version: field.version })
})

test('a field is defined by mouse, filled on a ticket, and finds it', async () => {
	await page.goto(at('/custom_field/new'))
	await page.getByLabel('名称', { exact: true }).fill(name)
	await page.getByRole('button', { name: '单选' }).click()
	for (const [n, word] of ['厨房', '阳台'].entries()) {
		await page.getByRole('button', { name: '加一个选项' }).click()
		await page.getByLabel(`选项 ${n + 1}`, { exact: true }).fill(word)
	}
	await page.getByLabel(/^填写说明/).fill('师傅按它带工具')
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存' }).click()
	await page.waitForURL(/custom_field\/\d+$/)
	const field = await api('GET', `/custom_field/${page.url().split('/').pop()}`)
	assert.deepEqual(field.choices.map(({ value, zh }) => [value, zh]), [['c1', '厨房'], ['c2', '阳台']])

	const open = (await api('GET', `/ticket?limit=1&condition=${encodeURIComponent('state = new')}`)).items[0]
	await page.goto(at(`/ticket/${open.id}`))
	await page.locator('.problem').getByRole('button', { name: '编辑' }).click()
	const form = page.getByRole('dialog')
	await form.getByText('师傅按它带工具').waitFor()
	await form.getByLabel(name).selectOption({ label: '阳台' })
	assert.deepEqual(await axe(page), [])
	await form.getByRole('button', { name: '保存' }).click()
	await page.locator('.problem dd', { hasText: '阳台' }).waitFor()
	assert.equal((await api('GET', `/ticket/${open.id}`))[`x_${field.code}`], 'c2')

	await page.goto(at(`/ticket?condition=${encodeURIComponent('created_at > 2020-01-01')}`))
	await page.locator('tbody tr').first().waitFor()
	await page.getByRole('button', { name: '条件', exact: true }).click()
	const panel = page.getByRole('form', { name: '条件' })
	await panel.getByLabel('字段').last().selectOption({ label: name })
	await panel.getByRole('button', { name: '阳台' }).click()
	await panel.getByRole('button', { name: '应用' }).click()
	await page.locator('.chip', { hasText: '阳台' }).waitFor()
	await page.locator('tbody tr', { hasText: open.no }).waitFor()
	assert.equal(await page.locator('tbody tr').count(), 1)
	assert.match(new URL(page.url()).searchParams.get('condition'), new RegExp(`x_${field.code} = c2`))
})
