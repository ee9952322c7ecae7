/* axe finds nothing serious on any page, in both languages, light and dark; on the phone every target is at least 44 px; nothing is cut off. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPhone } from './customer.mjs'
import { axe, DESK, isWide, openContext, PHONE, smallTargets } from './page.mjs'
import { consolePages, openConsolePage, openPhonePage, phonePages, prepareCustomer, throughConsole, unseen } from './pages.mjs'
import { enterConsole, enterInEnglish } from './staff.mjs'
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
const [LIGHT, DARK] = [{ colorScheme: 'light' }, { colorScheme: 'dark' }]
const phoneLooks = [
	{ name: 'light', options: LIGHT },
	...(everything ? [
		{ name: 'dark', options: DARK },
		{ name: 'English, light', options: LIGHT, english: true },
		{ name: 'English, dark', options: DARK, english: true },
		{ name: 'elder', options: {}, elder: true, onlyLayout: true },
	] : []),
	{ name: '320 px', options: { viewport: { width: 320, height: 640 } }, onlyLayout: true },
]
const consoleLooks = [
	{ name: 'light', options: { ...DESK, ...LIGHT } },
	...(everything ? [
		{ name: 'dark', options: { ...DESK, ...DARK } },
		{ name: 'English, light', options: { ...DESK, ...LIGHT }, english: true },
		{ name: 'English, dark', options: { ...DESK, ...DARK }, english: true },
		{ name: 'English, light, a phone', options: { ...PHONE, ...LIGHT }, english: true },
		{ name: 'English, dark, a phone', options: { ...PHONE, ...DARK }, english: true },
	] : []),
]
const language = (page) => page.evaluate(() => document.documentElement.lang)

for (const look of phoneLooks)
	test(`phone pages, ${look.name}`, async (t) => {
		const phone = await openPhone(browser, { ...look.options, storageState: phoneState, ...(look.english ? { locale: 'en-US' } : {}) })
		await phone.page.evaluate((elder) => {
			localStorage.clear()
			if (elder) localStorage.setItem('anxin.elder', '1')
		}, look.elder ?? false)
		for (const one of phonePages(ids)) {
			if (look.english && one.fill) continue // fills by Chinese words
			await t.test(one.name, async () => {
				await openPhonePage(phone, one)
				assert.equal(await language(phone.page), look.english ? 'en' : 'zh-CN')
				if (!look.onlyLayout) assert.deepEqual(await axe(phone.page), [])
				assert.deepEqual(await smallTargets(phone.page), [])
				assert.equal(await isWide(phone.page), false, 'wider than the screen')
			})
		}
		await phone.close()
	})

test('every route of the console and every entry of its rail is among the pages', async () => {
	assert.deepEqual(unseen(await consolePages(ids)), [])
})

for (const look of consoleLooks)
	test(`console pages, ${look.name}`, async (t) => {
		const desk = await openContext(browser, { ...look.options, ...(look.english ? { locale: 'en-US' } : {}) })
		const enter = look.english ? enterInEnglish : (one, account) => enterConsole(one.page, account)
		await throughConsole(desk, await consolePages(ids), enter, (one) => t.test(one.name, async () => {
			await openConsolePage(desk.page, one)
			assert.equal(await language(desk.page), look.english ? 'en' : 'zh-CN')
			assert.deepEqual(await axe(desk.page), [])
			assert.equal(await isWide(desk.page), false, 'wider than the screen')
		}))
		await desk.close()
	})
