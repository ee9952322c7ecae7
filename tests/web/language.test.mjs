/* Two whole languages: switched without reload, remembered, and never mixed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPhone } from './customer.mjs'
import { DESK, openContext } from './page.mjs'
import { at, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const language = (page) => page.evaluate(() => document.documentElement.lang)
const CHINESE = /[\u4e00-\u9fff]/

test('the phone pages follow the switch at once and remember it', async () => {
	const phone = await openPhone(browser)
	await phone.page.getByText('您要办什么').waitFor()
	await phone.page.getByRole('button', { name: '设置' }).click()
	await phone.page.locator('label.chip', { hasText: 'English' }).click()
	await phone.page.getByText('What do you need').waitFor()
	assert.equal(await language(phone.page), 'en')
	await phone.go('/report/emergency')
	await phone.page.locator('label.chip').first().click()
	await phone.page.getByText('Do this first').waitFor()
	assert.doesNotMatch(await phone.page.locator('body').innerText(), CHINESE)
	await phone.close()
})

test('a browser that asks for English gets English', async () => {
	const phone = await openPhone(browser, { locale: 'en-US' })
	await phone.page.getByText('What do you need').waitFor()
	await phone.close()
})

test('the console follows the switch', async () => {
	const desk = await openContext(browser, DESK)
	await desk.page.goto(at('/login'))
	await desk.page.locator('button[lang=en]').click()
	await desk.page.getByRole('button', { name: 'Log in' }).or(desk.page.getByRole('button', { name: 'Sign in' })).waitFor()
	assert.equal(await language(desk.page), 'en')
	await desk.close()
})

test('a list is named in the plural', async () => {
	const desk = await openContext(browser, DESK)
	await enterInEnglish(desk)
	for (const [record, name] of [['customer', 'Customers'], ['purchase_proof', 'Purchase proofs']]) {
		await desk.page.goto(at(`/${record}`))
		await desk.page.getByRole('heading', { name: `All: ${name}` }).waitFor()
		assert.equal(await desk.page.locator('header .where').innerText(), name)
	}
	await desk.close()
})

test('errors of the server come in the language of the page', async () => {
	const phone = await openPhone(browser, { locale: 'en-US' })
	await phone.go('/sign-in')
	await phone.page.locator('#phone').fill('19900000001')
	await phone.page.locator('#code').fill('000000')
	await phone.page.locator('button[type=submit]').click()
	const said = phone.page.locator('#code-note.wrong')
	await said.waitFor()
	assert.doesNotMatch(await said.innerText(), CHINESE)
	await phone.close()
})
