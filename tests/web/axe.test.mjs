/* axe finds nothing serious on any page, light and dark; on the phone every target is at least 44 px and nothing is cut off. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPhone } from './customer.mjs'
import { axe, DESK, openContext, smallTargets } from './page.mjs'
import { consolePages, enterConsole, openConsolePage, openPhonePage, phonePages, prepareCustomer } from './pages.mjs'
import { launch } from './tools.mjs'

let browser
let ids
let phoneState
before(async () => {
	browser = await launch()
	const made = await prepareCustomer(browser, {})
	ids = made.ids
	phoneState = await made.phone.context.storageState()
	await made.phone.close()
})
after(() => browser.close())

/* Colours are proved for both themes by the token test; every other look is part of the long run, or of a run by hand. */
const everything = (process.env.ANXIN_TEST_LEVEL ?? 'long') === 'long'
const looks = [
	{ name: 'light', options: { colorScheme: 'light' } },
	...(everything ? [{ name: 'dark', options: { colorScheme: 'dark' } }] : []),
]
const phoneLooks = [
	...looks,
	...(everything ? [{ name: 'English', options: { locale: 'en-US' }, words: true }] : []),
	{ name: '320 px', options: { viewport: { width: 320, height: 640 } }, onlyLayout: true },
	...(everything ? [{ name: 'elder', options: {}, elder: true, onlyLayout: true }] : []),
]

for (const look of phoneLooks)
	test(`phone pages, ${look.name}`, async (t) => {
		const phone = await openPhone(browser, { ...look.options, storageState: phoneState })
		await phone.page.evaluate((elder) => {
			localStorage.clear()
			if (elder) localStorage.setItem('anxin.elder', '1')
		}, look.elder ?? false)
		for (const one of phonePages(ids)) {
			if (look.words && one.fill) continue // fills by Chinese words
			await t.test(one.name, async () => {
				await openPhonePage(phone, one)
				if (!look.onlyLayout) assert.deepEqual(await axe(phone.page), [])
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
