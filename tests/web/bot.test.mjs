/* The bot receives her on the phone: answers to press, a fault tree step by step, and a person who finds everything told. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { setSetting } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
before(() => setSetting('bot.receive', 'first'))
after(() => setSetting('bot.receive', null))

const offers = (phone) => phone.page.locator('.offer')
async function ask(phone, text) {
	const before = await phone.page.locator('.message:not(.own)').count()
	await phone.page.locator('#talk-text').fill(text)
	await phone.page.keyboard.press('Enter')
	await until(async () => await phone.page.locator('.message:not(.own)').count() > before, 'an answer')
}
async function press(phone, words) {
	const before = await phone.page.locator('.message:not(.own)').count()
	await offers(phone).filter({ hasText: words }).first().click()
	await until(async () => await phone.page.locator('.message:not(.own)').count() > before, 'an answer')
}

test('a question, step by step, then a person who knows all of it', async () => {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	await phone.page.locator('.hello').waitFor()
	const stamp = `客厅${Date.now()}`
	await ask(phone, `空调不制冷怎么办`)
	await phone.page.getByText('智能客服为您解答').waitFor()
	await offers(phone).filter({ hasText: '解决了' }).waitFor()
	assert.deepEqual(await axe(phone.page), [])
	assert.equal(await isWide(phone.page), false)
	await press(phone, '一步步排查')
	for (let steps = 0; steps < 12 && !await offers(phone).filter({ hasText: '转人工' }).count(); steps++) await press(phone, /./)
	await press(phone, '转人工')
	await phone.page.getByText('正在为您接入客服').waitFor()
	await phone.page.locator('#talk-text').fill(`在${stamp}`)
	await phone.page.keyboard.press('Enter')

	await page.goto(`${process.env.ANXIN_URL}/desk?of=queue`)
	await page.locator('a.row', { hasText: stamp }).click()
	const note = page.locator('.message.internal', { hasText: '转人工' })
	await note.waitFor()
	assert.match(await note.innerText(), /HO-02[^]*设备[^]*在办服务单/)
	assert.deepEqual(await axe(page), [])
	await page.locator('.say textarea').fill('您好，我来处理')
	await page.keyboard.press('Enter')
	await phone.page.locator('.bubble', { hasText: '我来处理' }).waitFor()
	assert.equal(await phone.page.locator('.bubble', { hasText: 'HO-02' }).count(), 0)
	await phone.close()
})

test('danger: what to do at once, and a person', async () => {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	await phone.page.locator('.hello').waitFor()
	await ask(phone, '家里有很大的煤气味')
	await phone.page.locator('.bubble', { hasText: /门窗|通风/ }).waitFor()
	await phone.page.getByText('正在为您接入客服').waitFor()
	await phone.close()
})
