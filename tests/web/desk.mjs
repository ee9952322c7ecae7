/* A console signed in to for all tests of a file, and waiting for what happens beside it. */
import { after, before } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { enterConsole } from './staff.mjs'
import { launch, startServer } from './tools.mjs'

export function atDesk(open) {
	let browser, desk
	before(async () => {
		browser = await launch()
		desk = await openContext(browser, DESK)
		await enterConsole(desk.page)
		open(desk.page)
	})
	after(async () => {
		await desk.close()
		await browser.close()
	})
}

/* A server without a company for all tests of a file, with the word that its first run asks for. */
export function atNewServer(open) {
	let browser, server
	before(async () => {
		browser = await launch()
		server = await startServer(undefined, { empty: true })
		open(browser, server, (await server.say('first-run-word')).trim())
	})
	after(async () => {
		await browser.close()
		await server.end()
	})
}

/* What ask() gives, as soon as it gives something. */
export async function until(ask, what) {
	for (let tries = 0; tries < 200; tries++) {
		const found = await ask()
		if (found) return found
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
	throw new Error(`it does not happen: ${what}`)
}

/* Whether it is what has the focus, or among what can be had by pressing Tab. */
function holds({ text, pattern, css, anywhere }) {
	const is = (el) => {
		if (css) return el.matches(css)
		const label = el.labels?.[0]?.textContent.trim() ?? ''
		return [el.getAttribute('aria-label'), el.tagName === 'SELECT' ? '' : el.textContent.trim(), label].some((s) => s && (pattern ? new RegExp(pattern).test(s) : s === text))
	}
	return anywhere ? [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].some((el) => !el.disabled && is(el)) : is(document.activeElement)
}

/* Tab until what has the focus is it: by what it says, its name or its label (a text or a pattern), or by a selector as { css }. Begins once it
   is there and can be used: a page that still comes has no way to anything. */
export async function tabTo(page, wanted, most = 200) {
	const asked = wanted instanceof RegExp ? { pattern: wanted.source } : typeof wanted === 'string' ? { text: wanted } : wanted
	await page.waitForFunction(holds, { ...asked, anywhere: true })
	for (let n = 0; n < most; n++) {
		await page.keyboard.press('Tab')
		if (await page.evaluate(holds, asked)) return
	}
	throw new Error(`no way to ${JSON.stringify(asked)} by keyboard`)
}

/* Down a select until it says what is wanted. */
export async function downTo(page, text) {
	for (let n = 0; n < 80; n++) {
		if (await page.evaluate((wanted) => document.activeElement.selectedOptions[0]?.textContent.trim() === wanted, text)) return
		await page.keyboard.press('ArrowDown')
	}
	throw new Error(`no way down to ${text}`)
}

/* A file for the dialog that pressing Enter opens. That it is caught goes to the page by another way than the key does, so the page is
   asked something in between: else the key may be there first, and the dialog opens where nobody sees it. */
export async function giveFile(page, file) {
	const dialog = page.waitForEvent('filechooser')
	await page.evaluate(() => undefined)
	await page.keyboard.press('Enter')
	await (await dialog).setFiles(file)
}
