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

/* Nothing moves any more: colours on their way from one theme to another are nobody's fault. */
export const settled = (page) => page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))))

/* Findings of axe that keep somebody out: serious and critical. Evaluated directly, so that no content policy is loosened. */
export async function axe(page) {
	/* A colour on its way to another is neither. */
	await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished.catch(() => {}))))
	const known = await page.evaluate(() => 'axe' in window)
	if (!known) await page.evaluate(axeSource)
	const found = await page.evaluate(() =>
		window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }))
	return found.violations
		.filter((one) => one.impact === 'serious' || one.impact === 'critical')
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
