/* A visitor in the chat on a company's page: opened, written in, read. */
import { openContext } from './page.mjs'
import { at } from './staff.mjs'

export async function openChat(browser, options = {}, url = at('/demo/shop')) {
	const visitor = await openContext(browser, options)
	await visitor.page.goto(url)
	await visitor.page.locator('.launch').click()
	return visitor
}

/* Until the server has it. */
export async function write(page, text) {
	await page.locator('.write textarea').fill(text)
	await page.keyboard.press('Enter')
	await page.locator('li.own:not(.waits) .bubble', { hasText: text }).waitFor()
}

/* What was said, here or at the desk. */
export const bubble = (page, text) => page.locator('.bubble', { hasText: text }).first()
