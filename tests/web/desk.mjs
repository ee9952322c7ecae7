/* A console signed in to for all tests of a file, and waiting for what happens beside it. */
import { after, before } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

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

/* What ask() gives, as soon as it gives something. */
export async function until(ask, what) {
	for (let tries = 0; tries < 200; tries++) {
		const found = await ask()
		if (found) return found
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
	throw new Error(`it does not happen: ${what}`)
}
