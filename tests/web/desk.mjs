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

export const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

/* What ask() gives, as soon as it gives something. */
export async function until(ask, what) {
	for (let tries = 0; tries < 200; tries++) {
		const found = await ask()
		if (found) return found
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
	throw new Error(`it does not happen: ${what}`)
}

/* Tab until what has the focus is it: by what it says, its name or its label (a text or a pattern), or by a selector as { css }. */
export async function tabTo(page, wanted, most = 200) {
	const asked = wanted instanceof RegExp ? { pattern: wanted.source } : typeof wanted === 'string' ? { text: wanted } : wanted
	for (let n = 0; n < most; n++) {
		await page.keyboard.press('Tab')
		if (await page.evaluate(({ text, pattern, css }) => {
			const el = document.activeElement
			if (css) return el.matches(css)
			const label = el.labels?.[0]?.textContent.trim() ?? ''
			return [el.getAttribute('aria-label'), el.tagName === 'SELECT' ? '' : el.textContent.trim(), label].some((s) => s && (pattern ? new RegExp(pattern).test(s) : s === text))
		}, asked)) return
	}
	throw new Error(`no way to ${JSON.stringify(asked)} by keyboard`)
}
