/* What hands do at a keyboard, for the journeys that are told without a mouse: nothing here, and nothing in a file that is named by the keyboard,
   presses a button of the mouse or sets the focus (tools/check/rules_tree.py holds them to it). */
import { after, before } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { asked, downTo, holds, tabTo, until } from './desk.mjs'
import { accountOf, api, at } from './staff.mjs'
import { launch } from './tools.mjs'

export function keysOf(page) {
	const press = async (...keys) => {
		for (const key of keys) await page.keyboard.press(key)
	}
	/* Where one stands already needs no way. */
	const to = async (wanted) => {
		if (!(await page.evaluate(holds, asked(wanted)))) await tabTo(page, wanted)
	}
	const keys = {
		press,
		to,
		go: (path) => page.goto(at(path)),
		write: (text) => page.keyboard.type(text),
		async choose(wanted) {
			await to(wanted)
			await press('Enter')
		},
		async mark(wanted) {
			await to(wanted)
			await press('Space')
		},
		async type(wanted, text) {
			await to(wanted)
			await press('Control+a')
			await page.keyboard.type(text)
		},
		/* A word of a select. */
		async pick(wanted, text) {
			await to(wanted)
			await downTo(page, text)
		},
		/* The dialog has come and holds the focus. */
		dialog: () => page.waitForFunction(() => document.activeElement.closest('[role=dialog]')),
		/* Down a list that is open under a field, to the line that says so. */
		async take(line) {
			const option = page.getByRole('option', { name: line }).first()
			await option.waitFor()
			await until(async () => {
				if ((await option.getAttribute('aria-selected')) === 'true') return true
				await press('ArrowDown')
				return false
			}, `down to ${line}`)
			await press('Enter')
		},
		/* Ctrl K over everything, to the line that says so. */
		async find(words, line) {
			await press('Control+k')
			await page.getByRole('combobox', { name: /^(搜索|Search)$/ }).waitFor()
			await press('Control+a')
			await page.keyboard.type(words)
			await keys.take(line)
		},
		async signIn({ account, password } = accountOf('admin')) {
			await keys.go('/login')
			await keys.type({ css: 'input[name=username]' }, account)
			await keys.type({ css: 'input[name=password]' }, password)
			await press('Enter')
		},
	}
	return keys
}

/* The row that a form has just made: where it is shown now says which. */
export async function made(page, record) {
	await page.waitForURL(new RegExp(`/${record}/\\d+$`))
	return api('GET', `/${record}/${new URL(page.url()).pathname.split('/').pop()}`)
}

/* A desk of somebody who has just signed in, by keyboard too. */
export async function sitDown(browser, account) {
	const desk = await openContext(browser, DESK)
	const keys = keysOf(desk.page)
	await keys.signIn(account)
	await desk.page.waitForURL((at) => !at.pathname.startsWith('/login'))
	return { ...desk, keys }
}

/* One that all tests of a file sit at: open(desk, browser). */
export function atKeys(open) {
	let browser, desk
	before(async () => {
		browser = await launch()
		desk = await sitDown(browser)
		open(desk, browser)
	})
	after(async () => {
		await desk.close()
		await browser.close()
	})
}

let numbers = 0
export const newCustomer = (name) => api('POST', '/customer', { name, phone: `137${String(Date.now()).slice(-6)}${String(numbers++ % 100).padStart(2, '0')}` })
export async function newTicket(text, more = {}) {
	const { id } = await newCustomer('周婷')
	return api('POST', '/ticket', { scene: 'usage', customer_id: id, text, ...more })
}
