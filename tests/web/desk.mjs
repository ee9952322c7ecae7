/* A console signed in to for all tests of a file, and waiting for what happens beside it. */
import { after, before } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
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

/* An action of a conversation. What others and the pages do to it meanwhile, a mark of reading say, is no reason not to. */
export async function act(id, action, more = {}) {
	return until(async () => api('POST', `/conversation/${id}/action/${action}`, { version: (await api('GET', `/conversation/${id}`)).version, ...more }).catch((error) => {
		if (!error.message.includes('version_conflict')) throw error
	}), `${action} of ${id}`)
}

/* Whether it is what has the focus, or among what can be had by pressing Tab. */
export function holds({ text, pattern, css, within, anywhere }) {
	const is = (el) => {
		if (within && !el.closest(within)) return false
		if (css) return el.matches(css)
		if (el.tabIndex < 0) return false // the page itself, a pane: whatever is in it is not what it says
		const label = el.labels?.[0]?.textContent.trim() ?? ''
		return [el.getAttribute('aria-label'), el.tagName === 'SELECT' ? '' : el.textContent.trim(), label].some((s) => s && (pattern ? new RegExp(pattern).test(s) : s === text))
	}
	return anywhere ? [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].some((el) => !el.disabled && is(el)) : is(document.activeElement)
}

/* Why nobody would find where she is: what has the focus is out of sight, covered, or looks like all others. Empty where it can be seen,
   between the last stop of a page and its first, and within a page of its own. A native box that is drawn by its label is seen by that; a row by its cells. */
export function lost() {
	const el = document.activeElement
	if (!el || el === document.body || el === document.documentElement || el.tagName === 'IFRAME') return ''
	const native = el.matches('input') && (el.closest('label') ?? el.labels?.[0])
	const hidden = native && (getComputedStyle(el).opacity === '0' || el.offsetWidth <= 1)
	const face = hidden ? native : el
	const box = face.getBoundingClientRect()
	const name = `${el.tagName.toLowerCase()} “${(el.getAttribute('aria-label') ?? face.textContent).trim().slice(0, 30)}”`
	if (!face.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || box.width < 2 || box.height < 2) return `${name} is not drawn`
	const points = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [box.left + x * box.width, box.top + y * box.height]))
	const inside = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight)
	if (!inside.length) return `${name} is outside the window`
	if (!inside.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (face.contains(top) || top.contains(face)) })) return `${name} is covered`
	const ring = (one, shadow) => { const s = getComputedStyle(one); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || (shadow ? s.boxShadow !== 'none' : / 0px 0px 0px \d/.test(s.boxShadow)) }
	const around = [face.parentElement, face.parentElement?.parentElement, face.nextElementSibling].filter(Boolean)
	const drawn = ring(face, true) || [...el.children].some((one) => ring(one, true) || (el instanceof SVGElement && getComputedStyle(one).strokeWidth !== '1px')) || around.some((one) => ring(one, false))
	return drawn ? '' : `${name} does not show that it has the focus`
}

/* Tab until what has the focus is it: by what it says, its name or its label (a text or a pattern), or by a selector as { css }; `within` a
   selector, where the page says it twice. Begins once it is there and can be used: a page that still comes has no way to anything. Every stop on
   the way must be seen: what is still moving has a moment for it. */
export async function tabTo(page, wanted, most = 200) {
	const sought = asked(wanted)
	await page.waitForFunction(holds, { ...sought, anywhere: true })
	for (let n = 0; n < most; n++) {
		await page.keyboard.press('Tab')
		await until(async () => !(await page.evaluate(lost)), 'a stop that is seen').catch(async () => {
			throw new Error(`on the way to ${JSON.stringify(sought)}: ${await page.evaluate(lost)}`)
		})
		if (await page.evaluate(holds, sought)) return
	}
	throw new Error(`no way to ${JSON.stringify(sought)} by keyboard`)
}

export function asked(wanted) {
	const plain = (one) => (one instanceof RegExp ? { pattern: one.source } : { text: one })
	if (typeof wanted === 'string' || wanted instanceof RegExp) return plain(wanted)
	return 'name' in wanted ? { within: wanted.within, ...plain(wanted.name) } : wanted
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
