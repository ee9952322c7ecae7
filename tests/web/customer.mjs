/* What a customer does on the phone page, step by step, as the tests tell it. */
import { PHONE, openContext } from './page.mjs'
import { codeFor } from './staff.mjs'

let used = 0
/* A number nobody in the demo has. */
export const newNumber = () => `199${String(Date.now() % 1_000_000).padStart(6, '0')}${String(used++ % 100).padStart(2, '0')}`

export async function openPhone(browser, { base = process.env.ANXIN_URL, ...options } = {}) {
	const phone = await openContext(browser, { ...PHONE, ...options })
	phone.at = (where) => `${base}/h5/#${where}`
	phone.go = async (where) => {
		await phone.page.goto('about:blank')
		await phone.page.goto(phone.at(where))
	}
	await phone.go('/')
	return phone
}

/* Asks for the code; where too many were asked for from this address, again when the page lets her: all tests share one address. */
async function askForCode(page) {
	const sent = page.locator('#code-note').filter({ hasText: '****' })
	const refused = page.locator('#code-note.wrong').filter({ hasText: '太频繁' })
	await page.locator('.pair .button').click() // waits until it can be pressed
	await sent.or(refused).first().waitFor()
	if (await refused.isVisible()) await askForCode(page)
}

/* Signs in by the code that the demo shows in its outbox. */
export async function signIn(phone, number) {
	const { page } = phone
	if (!page.url().includes('sign-in')) await phone.go('/sign-in')
	await page.locator('#phone').fill(number)
	await askForCode(page)
	await page.locator('#code').fill(await codeFor(number))
	await page.locator('button[type=submit]').click()
	await page.waitForURL((url) => !url.hash.includes('sign-in'))
}

export async function chooseProduct(page, name) {
	await page.locator('#device .link').click()
	await page.locator('.product', { hasText: name }).click()
	await page.locator('dialog').waitFor({ state: 'detached' })
}

/* Fills the repair form up to the button. */
export async function fillRepair(phone, { product = '冰箱', symptom = '结冰结霜', words }) {
	const { page } = phone
	await phone.go('/report/repair')
	await page.locator('#safety').waitFor()
	await chooseProduct(page, product)
	await page.locator('#safety button').first().click()
	await page.locator('#problem label.chip', { hasText: symptom }).click()
	await page.locator('#problem textarea').fill(words)
}

/* Presses the button and returns the SR number of the done page. */
export async function sendReport(page) {
	await page.locator('footer .primary').click()
	return (await page.locator('.number').textContent()).trim()
}

export async function reportRepair(phone, what) {
	await fillRepair(phone, what)
	return sendReport(phone.page)
}

export const state = (page, text) => page.locator('.head .state', { hasText: text }).waitFor()
export const openProgress = (page) => page.locator('footer .primary').click()
