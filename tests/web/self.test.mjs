/* A customer sees what is held on her and puts it right on the phone page. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { until } from './desk.mjs'
import { axe } from './page.mjs'
import { api } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('her name and an address are put right; what cannot be so is said at its place', async () => {
	const number = newNumber()
	const customer = await api('POST', '/customer', { name: '张小鱼', phone: number })
	await api('POST', '/address', { customer_id: customer.id, province: '浙江', city: '杭州', district: '西湖', street: '文一路 1 号' })
	const phone = await openPhone(browser)
	const { page } = phone
	await signIn(phone, number)
	await page.getByRole('button', { name: '设置' }).click()
	const save = page.getByRole('button', { name: '保存更正' })
	assert.ok(await save.isDisabled(), 'nothing has changed')
	await page.getByLabel('姓名').fill('张小雨')
	await page.getByLabel('邮箱').fill('不是邮箱')
	await page.getByLabel('街道门牌').fill('文二路 2 号')
	await save.click()
	await page.locator('#self-email-wrong').waitFor()
	assert.equal(await page.getByLabel('邮箱').inputValue(), '不是邮箱', 'what was typed stays')
	assert.deepEqual(await axe(page), [])
	await page.getByLabel('邮箱').fill('xiaoyu@example.cn')
	await save.click()
	await page.getByText('已更正').waitFor()
	await until(async () => (await api('GET', `/customer?q=${encodeURIComponent('xiaoyu@example.cn')}`)).items[0]?.id === customer.id, 'found by what is right')
	await page.reload()
	await page.getByRole('button', { name: '设置' }).click()
	await page.getByLabel('姓名').waitFor()
	assert.deepEqual([await page.getByLabel('姓名').inputValue(), await page.getByLabel('街道门牌').inputValue()], ['张小雨', '文二路 2 号'])
	await phone.close?.()
})

test('who asks to be erased sees until when, and a supervisor has the task', async () => {
	const number = newNumber()
	const customer = await api('POST', '/customer', { name: '张小鱼', phone: number })
	const phone = await openPhone(browser)
	const { page } = phone
	await signIn(phone, number)
	await page.getByRole('button', { name: '设置' }).click()
	await page.getByRole('button', { name: '请求删除我的信息' }).click()
	assert.deepEqual(await axe(page), [])
	await page.getByLabel('原因').fill('我搬走了')
	await page.getByRole('button', { name: '提交' }).click()
	await page.getByText(/处理中，最迟/).waitFor()
	assert.equal(await page.getByRole('button', { name: '请求删除我的信息' }).count(), 0, 'one is under way')
	const { items } = await api('GET', `/task?condition=${encodeURIComponent(`customer_id = ${customer.id}`)}`)
	assert.deepEqual(items.map((t) => [t.kind, t.state]), [['privacy_erase', 'open']])
	await phone.close?.()
})
