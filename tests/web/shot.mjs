/*
 * shot.mjs [FOLDER] [NAME…]: screenshots of every page at 1440 and 390, light and dark, of a fresh demo company: to look at beside the
 * design's pictures. With ANXIN_SHOT_LANG=en in English. The whole page is taken by making the window as high as its content, so bars
 * stay where they belong.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openPhone } from './customer.mjs'
import { openContext } from './page.mjs'
import { consolePages, openConsolePage, openPhonePage, phonePages, prepareCustomer, throughConsole } from './pages.mjs'
import { enterConsole, enterInEnglish } from './staff.mjs'
import { launch, root, startServer } from './tools.mjs'

const english = process.env.ANXIN_SHOT_LANG === 'en'
const [folder = join(root, 'build/shots'), ...names] = process.argv.slice(2)
const sizes = [
	{ name: '1440', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
	{ name: '390', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
]
const wanted = (one) => names.length === 0 || names.some((name) => one.name.includes(name))

async function take(page, name, viewport) {
	const height = await page.evaluate(() => document.documentElement.scrollHeight)
	await page.setViewportSize({ ...viewport, height: Math.min(4000, Math.max(viewport.height, height)) })
	await page.screenshot({ path: join(folder, `${name}.png`) })
	await page.setViewportSize(viewport)
	process.stdout.write(`${name}.png\n`)
}

async function phoneShots(browser, ids, state, look) {
	const phone = await openPhone(browser, { ...look, storageState: state })
	for (const one of phonePages(ids).filter(wanted)) {
		if (english && one.fill) continue // fills by Chinese words
		await openPhonePage(phone, one)
		await take(phone.page, `${one.name}-${look.name}`, look.viewport)
	}
	await phone.context.close()
}

async function consoleShots(browser, ids, look) {
	const desk = await openContext(browser, look)
	const enter = english ? enterInEnglish : (one, account) => enterConsole(one.page, account)
	await throughConsole(desk, (await consolePages(ids)).filter(wanted), enter, async (one) => {
		await openConsolePage(desk.page, one)
		await take(desk.page, `${one.name}-${look.name}`, look.viewport)
	})
	await desk.context.close()
}

mkdirSync(folder, { recursive: true })
const server = await startServer()
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
const browser = await launch()
try {
	const { phone, ids } = await prepareCustomer(browser, {})
	const state = await phone.context.storageState()
	await phone.context.close()
	if (english) state.origins = [] // the language that the phone has kept
	for (const size of sizes)
		for (const colorScheme of ['light', 'dark']) {
			const look = { ...size, name: `${size.name}-${colorScheme}${english ? '-en' : ''}`, colorScheme, locale: english ? 'en-US' : 'zh-CN' }
			await phoneShots(browser, ids, state, look)
			await consoleShots(browser, ids, look)
		}
} finally {
	await browser.close()
	await server.end()
}
