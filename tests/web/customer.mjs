/* What a customer does on the phone page, step by step, as the tests tell it. */
import { PHONE, openContext } from './page.mjs'
import { codeFor } from './staff.mjs'

export const base = () => `${process.env.ANXIN_URL}/h5/`

export async function openPhone(browser, options = {}) {
	const phone = await openContext(browser, { ...PHONE, ...options })
	await phone.page.goto(base())
	return phone
}

/* Signs in by the code that the demo shows in its outbox. */
export async function signIn(page, number) {
	await page.goto(`${base()}#/sign-in`)
	await page.locator('#phone').fill(number)
	await page.locator('.pair .button').click()
	await page.locator('#code-note').filter({ hasText: '****' }).waitFor()
	await page.locator('#code').fill(await codeFor(number))
	await page.locator('button[type=submit]').click()
	await page.waitForURL((url) => !url.hash.includes('sign-in'))
}

/* From the entry page to the SR number. */
export async function reportFault(page, { scene = 'repair', product = '冰箱', symptom, words, danger = false }) {
	await page.goto(`${base()}#/report/${scene}`)
	await page.locator('#problem').waitFor()
	await page.locator('#device .link').click()
	await page.locator('.product', { hasText: product }).click()
	await page.locator('dialog').waitFor({ state: 'detached' })
	if (!danger) await page.locator('#safety button').first().click()
	if (symptom) await page.locator('#problem label.chip', { hasText: symptom }).click()
	await page.locator('#problem textarea').fill(words)
	await page.locator('footer .primary').click()
	await page.locator('.number').waitFor()
	return (await page.locator('.number').textContent()).trim()
}
