/* Who is it: of a talk by somebody unknown the agent sees to whom what she wrote leads and by what, asks, and says so. Nothing is joined before, and what was taken for
   granted of a number is taken back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bubble, openChat, write } from './chat.mjs'
import { newNumber } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { api, at } from './staff.mjs'
import { onFile, openSms } from './stranger.mjs'

let page, sms
atDesk((opened) => { page = opened })
before(async () => { sms = await openSms() })
after(() => sms.close())

const line = () => page.getByRole('region', { name: '可能是哪位客户' })
const whose = async (conversation) => (await api('GET', `/conversation/${conversation}`)).customer_id
const head = () => page.locator('.thread .head h1')
const note = (words) => page.locator('.message.internal', { hasText: words })

test('a visitor is led to, looked at, asked and joined; then her file and her devices stand beside the talk', async () => {
	const her = await onFile('何静怡')
	const visitor = await openChat(page.context().browser()), v = visitor.page
	await write(v, `洗衣机不脱水，我的手机号是 ${her.phone}`)
	const { items: [row] } = await api('GET', '/conversation?sort=-created_at&limit=1')
	await page.goto(at(`/desk/${row.id}?of=queue`))
	await line().getByText('请先在对话里核对姓名').waitFor()
	const one = line().getByRole('listitem')
	assert.match(await one.innerText(), /手机号一致/)
	assert.match(await head().innerText(), /访客/)
	assert.notEqual(await whose(row.id), her.id, 'never by itself')
	assert.deepEqual(await axe(page), [])

	await one.getByRole('button', { name: '查看完整姓名' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('核实身份').check()
	await dialog.getByRole('button', { name: '查看', exact: true }).click()
	await one.getByText('何静怡').waitFor()
	await one.getByRole('link').click()
	await page.waitForURL(new RegExp(`/customer/${her.id}$`))
	await page.getByText('怎么设置童锁').first().waitFor()
	await page.goBack()
	await bubble(page, '洗衣机不脱水').waitFor()
	await page.locator('.say textarea').fill('您好，请问您贵姓？')
	await page.keyboard.press('Enter')
	await write(v, `姓何，上次的单号是 ${her.no}`)
	await one.getByText('手机号一致、服务单号一致').waitFor()
	assert.notEqual(await whose(row.id), her.id, 'not by two either')

	await page.goto(at(`/customer/${await whose(row.id)}`))
	await page.locator('dl .line', { hasText: '来源' }).getByText('网页', { exact: true }).waitFor()
	await page.goBack()

	await one.getByRole('button', { name: '是这位客户' }).click()
	await page.getByText('已归入客户档案').waitFor()
	await line().getByText('客服已核对是这位客户，本人还没有验证').waitFor()
	assert.equal(await line().getByRole('button', { name: '是这位客户', exact: true }).count(), 0)
	await head().filter({ hasText: '何' }).waitFor()
	await note('会话中已核对身份：提供的手机号、提供的服务单号').waitFor()
	await page.locator('.side [data-devices]').getByText(her.serial.slice(-4)).waitFor()
	assert.equal(await whose(row.id), her.id)
	assert.equal(await v.getByText('核对身份').count(), 0, 'she is told nothing of it')
	assert.deepEqual(await axe(page), [])
	await visitor.close()
})

test('a number that a household shares: who it is not has a talk of his own again, and who it is is noted', async () => {
	const his = await onFile('马骏')
	const first = await sms.write(his.phone, '空调不制冷')
	await page.goto(at(`/desk/${first}?of=queue`))
	await line().getByText('来信或来电号码一致').waitFor()
	await line().getByRole('button', { name: '是这位客户' }).click()
	await head().filter({ hasText: '马' }).waitFor()
	await page.getByRole('button', { name: '结束会话' }).click()
	await until(async () => (await api('GET', `/conversation/${first}`)).state === 'closed', 'closed')

	const second = await sms.write(his.phone, '我不是马先生，借他手机用一下')
	assert.equal(await whose(second), his.id, 'taken for granted')
	await page.goto(at(`/desk/${second}?of=queue`))
	await line().getByText('可能是家人共用的').waitFor()
	assert.deepEqual(await axe(page), [])
	await line().getByRole('button', { name: '不是这位客户' }).click()
	await page.getByText('已从这位客户的档案移出').waitFor()
	await head().filter({ hasText: /同号码另一位 \d{4}/ }).waitFor()
	await note('不是号码对应的客户本人').waitFor()
	assert.notEqual(await whose(second), his.id)
	assert.equal(await whose(first), his.id, 'what he said himself stays his')
	await page.getByRole('button', { name: '结束会话' }).click()
	await until(async () => (await api('GET', `/conversation/${second}`)).state === 'closed', 'closed')

	const third = await sms.write(his.phone, '我是马骏，还是不制冷')
	await page.goto(at(`/desk/${third}?of=queue`))
	await line().getByRole('button', { name: '是这位客户', exact: true }).click()
	await line().getByText('客服已核对是这位客户').waitFor()
	assert.equal(await whose(third), his.id)
})

test('two files with one number are both offered, and a telephone has room for them', async () => {
	const phone = newNumber()
	const [he, she] = await Promise.all(['马明', '马丽'].map((name) => api('POST', '/customer', { name, phone })))
	const conversation = await sms.write(newNumber(), `请回电 ${phone}`)
	await page.setViewportSize({ width: 390, height: 844 })
	await page.goto(at(`/desk/${conversation}?of=queue`))
	await line().getByRole('listitem').nth(1).waitFor()
	assert.equal(await isWide(page), false)
	assert.deepEqual(await axe(page), [])
	await line().getByRole('listitem').filter({ has: page.locator(`a[href$="/customer/${she.id}"]`) }).getByRole('button', { name: '是这位客户' }).click()
	await until(async () => (await whose(conversation)) === she.id, 'hers')
	assert.notEqual(he.id, she.id)
	await page.setViewportSize({ width: 1440, height: 900 })
})
