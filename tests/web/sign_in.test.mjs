/* Signing in where the server says "not yet": the page counts the seconds down and then lets her try again, with nothing left to read. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone } from './customer.mjs'
import { DESK, openContext } from './page.mjs'
import { at, hire } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const secondsIn = async (place) => Number(/(\d+) 秒/.exec(await place.innerText())[1])

/* A page that waits for a minute or less: ten seconds on there are ten fewer, and then there is nothing left to read. */
async function countsDown(page, note) {
	await note.waitFor()
	await page.clock.fastForward(10_000)
	await note.filter({ hasText: '秒' }).waitFor() // "1 分" before
	const first = await secondsIn(note)
	await page.clock.fastForward(10_000)
	await page.waitForFunction(([place, most]) => Number(/(\d+) 秒/.exec(document.querySelector(place).innerText)[1]) <= most, [note.selector, first - 9])
	await page.clock.fastForward(60_000)
	await note.waitFor({ state: 'detached' })
}

const noteOf = (page, selector) => Object.assign(page.locator(selector), { selector })

test('phone: a second code too early', async () => {
	const number = newNumber()
	const phone = await openPhone(browser)
	const ask = async () => {
		await phone.go('/sign-in')
		await phone.page.locator('#phone').fill(number)
		await phone.page.locator('.pair .button').click()
	}
	await ask()
	await phone.page.locator('#code-note').filter({ hasText: '****' }).waitFor()
	await phone.page.clock.install()
	await ask()
	await countsDown(phone.page, noteOf(phone.page, '#code-note.wrong'))
	assert.equal(await phone.page.locator('.pair .button').isEnabled(), true)
	await phone.close()
})

/* Her account is locked afterwards. */
const newAgent = () => hire(['ticket.read', 'customer.read', 'device.read'])

test('console: wrong passwords lock, and the lock ends on the page too', async () => {
	const { account } = await newAgent()
	const desk = await openContext(browser, DESK)
	await desk.page.clock.install()
	await desk.page.goto(at('/login'))
	const wait = noteOf(desk.page, 'p.wait')
	const wrong = desk.page.locator('[role=alert]')
	for (let tries = 0; tries < 8 && !(await wait.isVisible()); tries++) {
		await desk.page.locator('input[name=username]').fill(account)
		await desk.page.locator('input[name=password]').fill('not-her-password')
		const answered = desk.page.waitForResponse((reply) => reply.url().endsWith('/session') && reply.request().method() === 'POST')
		await desk.page.locator('button[type=submit]').click()
		await answered
		await wrong.or(wait).first().waitFor()
	}
	await countsDown(desk.page, wait)
	assert.equal(await desk.page.locator('button[type=submit]').isEnabled(), true)
	await desk.close()
})

/* What a link in a mail could hold: each is a page of ours or nothing. */
const ELSEWHERE = ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/\t/evil.example/', '\\\\evil.example', 'javascript:document.title="evil"', '/..//evil.example', '/@evil.example']

test('signing in leads to no other site, whatever the address asks for', async () => {
	const { account } = await newAgent()
	for (const next of ELSEWHERE) {
		const desk = await openContext(browser, DESK)
		const asked = []
		desk.page.on('request', (request) => asked.push(new URL(request.url()).host))
		await desk.page.goto(at(`/login?next=${encodeURIComponent(next)}`))
		await desk.page.locator('input[name=username]').fill(account)
		await desk.page.locator('input[name=password]').fill('her-own-password')
		await desk.page.locator('button[type=submit]').click()
		await desk.page.waitForURL((url) => !url.pathname.startsWith('/login'))
		await desk.page.locator('main').first().waitFor()
		assert.equal(new URL(desk.page.url()).origin, new URL(process.env.ANXIN_URL).origin, next)
		assert.deepEqual([...new Set(asked)], [new URL(process.env.ANXIN_URL).host], next)
		assert.notEqual(await desk.page.title(), 'evil')
		await desk.close()
	}
})

test('signing in leads back to the page that was left', async () => {
	const { account } = await newAgent()
	const desk = await openContext(browser, DESK)
	await desk.page.goto(at(`/login?next=${encodeURIComponent('/ticket?q=漏水')}`))
	await desk.page.locator('input[name=username]').fill(account)
	await desk.page.locator('input[name=password]').fill('her-own-password')
	await desk.page.locator('button[type=submit]').click()
	await desk.page.waitForURL((url) => url.pathname === '/ticket' && url.searchParams.get('q') === '漏水')
	await desk.close()
})
