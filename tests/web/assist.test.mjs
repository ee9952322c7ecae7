/* The agent is helped: a suggestion taken over by keyboard and changed, one refused, the fault tree asked, what was recognised put right, a summary kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'

let page
atDesk((opened) => { page = opened })

async function write(words) {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	await phone.page.locator('#talk-text').fill(words)
	await phone.page.keyboard.press('Enter')
	await phone.page.locator('.bubble', { hasText: words }).waitFor()
	return phone
}

test('a suggestion by keyboard, a question of the tree, a mark put right, a summary', async () => {
	const stamp = `书房${Date.now()}`
	const phone = await write(`${stamp}空调不制冷怎么办，气死我了`)
	await page.goto(`${process.env.ANXIN_URL}/desk?of=queue`)
	await page.locator('a.row', { hasText: stamp }).click()
	const pane = page.locator('[data-assist]')
	await pane.locator('.take').first().waitFor()
	await page.locator('.mood.angry').waitFor()
	assert.match(await pane.locator('.take').first().innerText(), /制冷[^]*%/)
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)

	await page.locator('.say textarea').click()
	await page.keyboard.press('Alt+1')
	const box = page.locator('.say textarea')
	await until(async () => (await box.inputValue()).length > 20, 'the answer in the box')
	await box.fill(`您好，${await box.inputValue()}`)
	await page.keyboard.press('Enter')
	await phone.page.locator('.bubble', { hasText: '您好，' }).waitFor()

	await pane.getByRole('button', { name: '问客户' }).click()
	assert.match(await box.inputValue(), /1\. /)
	await box.fill('')
	const before = await pane.locator('.asked').innerText()
	await pane.locator('.tree .btn.quiet').first().click()
	await until(async () => await pane.locator('.asked').innerText() !== before, 'the next step')

	const count = await pane.locator('.take').count()
	await pane.getByRole('button', { name: /没有帮助/ }).first().click()
	await until(async () => await pane.locator('.take').count() === count - 1, 'one less')

	await pane.getByLabel('情绪').selectOption({ label: '平和' })
	await until(async () => await page.locator('.mood').count() === 0, 'no mark of anger')

	await pane.getByRole('button', { name: '生成小结' }).click()
	await until(async () => /客户：/.test(await box.inputValue()), 'the summary as a note')
	await page.keyboard.press('Enter')
	await page.locator('.message.internal', { hasText: '客户：' }).waitFor()
	assert.equal(await phone.page.locator('.bubble', { hasText: '客户：' }).count(), 0)
	await phone.close()
})
