/* axe finds nothing serious on any page, light and dark; on the phone every target is at least 44 px and nothing is cut off. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext, smallTargets } from './page.mjs'
import { consolePages, enterConsole, openConsolePage, openPhonePage, phonePages, prepareCustomer } from './pages.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const looks = [
	{ name: 'light', options: { colorScheme: 'light' } },
	{ name: 'dark', options: { colorScheme: 'dark' } },
]
const phoneLooks = [
	...looks,
	{ name: 'English', options: { locale: 'en-US' }, words: true },
	{ name: '320 px', options: { viewport: { width: 320, height: 640 } } },
	{ name: 'elder', options: {}, elder: true },
]

let ids
before(async () => {
	const made = await prepareCustomer(browser, {})
	ids = made.ids
	const state = await made.phone.context.storageState()
	phoneState = state
	await made.phone.close()
})
let phoneState

for (const look of phoneLooks)
	test(`phone pages, ${look.name}`, async (t) => {
		const { openPhone } = await import('./customer.mjs')
		const phone = await openPhone(browser, { ...look.options, storageState: phoneState })
		await phone.page.evaluate((elder) => {
			localStorage.clear()
			if (elder) localStorage.setItem('anxin.elder', '1')
		}, look.elder ?? false)
		for (const one of phonePages(ids)) {
			if (look.words && one.fill) continue // fills by Chinese words
			await t.test(one.name, async () => {
				await openPhonePage(phone, one)
				assert.deepEqual(await axe(phone.page), [])
				assert.deepEqual(await smallTargets(phone.page), [])
				assert.equal(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'wider than the screen')
			})
		}
		await phone.close()
	})

for (const look of looks)
	test(`console pages, ${look.name}`, async (t) => {
		const desk = await openContext(browser, { ...DESK, ...look.options })
		const pages = await consolePages(ids)
		for (const one of pages.filter((page) => page.out))
			await t.test(one.name, async () => {
				await openConsolePage(desk.page, one)
				assert.deepEqual(await axe(desk.page), [])
			})
		await enterConsole(desk.page)
		for (const one of pages.filter((page) => !page.out))
			await t.test(one.name, async () => {
				await openConsolePage(desk.page, one)
				assert.deepEqual(await axe(desk.page), [])
			})
		await desk.close()
	})
