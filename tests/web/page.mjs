/*
 * Pages as tests use them: a fresh browser context with nothing remembered, which fails the test when the page throws, logs an
 * error, or breaks its content policy; axe on demand.
 */
import { axeSource } from './tools.mjs'

/* Losing the network or the server is part of some tests, and of every sign-in page: these lines are the browser's own. */
const EXPECTED = [/Failed to load resource/, /WebSocket connection to .* failed/, /net::ERR_/]

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
export const DESK = { viewport: { width: 1440, height: 900 } }

export async function openContext(browser, options = {}) {
	const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
	context.setDefaultTimeout(20_000)
	const faults = []
	context.on('weberror', (error) => faults.push(String(error.error())))
	context.on('console', (message) => {
		if (message.type() === 'error' && !EXPECTED.some((known) => known.test(message.text()))) faults.push(message.text())
	})
	return {
		context,
		page: await context.newPage(),
		async close() {
			await context.close()
			if (faults.length > 0) throw new Error(`the page complained:\n${faults.join('\n')}`)
		},
	}
}

/* Nothing moves any more but what never ends: colours on their way from one theme to another are nobody's fault. */
export const settled = (page) => page.evaluate(() =>
	Promise.all(document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished.catch(() => undefined))))

/* Whether one must push it sideways. The window is no measure: a phone's grows with what is in it. */
export const isWide = async (page) => (await page.evaluate(() => document.documentElement.scrollWidth)) > page.viewportSize().width

/* Findings of axe that keep somebody out: serious and critical. Evaluated directly, so that no content policy is loosened. */
export async function axe(page) {
	await settled(page)
	const known = await page.evaluate(() => 'axe' in window)
	if (!known) await page.evaluate(axeSource)
	const found = await page.evaluate(async () => {
		const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
		/* Below an open menu lies a veil that takes every click: what is there is no target before the menu is closed, whatever is left of it. */
		const isVeiled = ({ target }) => {
			const box = document.querySelector(target.at(-1)).getBoundingClientRect()
			return [0.1, 0.5, 0.9].every((share) => document.elementFromPoint(box.x + box.width * share, box.y + box.height / 2)?.closest('.veil, .veil + *'))
		}
		return violations.map((one) => ({ ...one, nodes: one.id === 'target-size' ? one.nodes.filter((node) => !isVeiled(node)) : one.nodes }))
	})
	return found
		.filter((one) => one.nodes.length > 0 && (one.impact === 'serious' || one.impact === 'critical'))
		.map((one) => `${one.id} (${one.impact}): ${one.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(', ')}`)
}

/* Everything a finger must hit is at least 44 × 44, inline links in running text excepted. */
export function smallTargets(page) {
	return page.evaluate(() => {
		const seen = (box) => box.width > 0 && box.height > 0
		return [...document.querySelectorAll('button, a[href], label:has(> input), input:not([type=radio]):not([type=checkbox]):not([type=file]), textarea')]
			.filter((one) => !one.disabled && seen(one.getBoundingClientRect()) && getComputedStyle(one).visibility !== 'hidden')
			.filter((one) => !(one.matches('textarea') && one.closest('.words')))
			.map((one) => ({ one, box: one.getBoundingClientRect() }))
			.filter(({ box }) => box.width < 43.5 || box.height < 43.5)
			.map(({ one, box }) => `${one.tagName.toLowerCase()} "${(one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 20)}" ${Math.round(box.width)}×${Math.round(box.height)}`)
	})
}
