/* The console without a mouse: the keys of the map do what the map says, and rest while a question is on the screen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at } from './staff.mjs'
import { atDesk, tabTo } from './desk.mjs'

const OPEN = `/ticket?condition=${encodeURIComponent('state in (accepted, working)')}`

let page
atDesk((opened) => { page = opened })

async function list() {
	await page.goto(at(OPEN))
	await page.locator('tbody tr').nth(4).waitFor()
}
const press = async (...keys) => {
	for (const key of keys) await page.keyboard.press(key)
}
const rowWithFocus = () => page.evaluate(() => [...document.querySelectorAll('tbody tr')].indexOf(document.activeElement.closest('tr')))
const untilRow = (n) => page.waitForFunction((at) => [...document.querySelectorAll('tbody tr')].indexOf(document.activeElement.closest('tr')) === at, n)
const chosen = () => page.locator('tbody tr.chosen').count()

test('a list: move, select, a range, preview, open', async () => {
	await list()
	await press('j', 'j')
	await untilRow(2)
	await press('k')
	await untilRow(1)
	await press('x', 'j', 'j')
	await untilRow(3)
	await press('Shift+x')
	assert.equal(await chosen(), 3)
	await press('Escape')
	assert.equal(await chosen(), 0)

	await press('e')
	const preview = page.getByRole('dialog')
	await preview.waitFor()
	await press('Escape')
	await preview.waitFor({ state: 'detached' })
	await untilRow(3)
	const no = (await page.locator('tbody tr').nth(3).locator('a').first().innerText()).trim()
	await press('Enter')
	await page.waitForURL(/\/ticket\/\d+$/)
	await page.locator('.no', { hasText: no }).waitFor()
})

test('conditions, views, search, and the map itself', async () => {
	await list()
	await press('/')
	await page.waitForFunction(() => document.activeElement.tagName === 'SELECT')
	await press('Escape')
	await page.waitForFunction(() => document.activeElement.tagName !== 'SELECT')
	await press('v')
	await page.waitForFunction(() => document.activeElement.classList.contains('view'))
	await press('Control+k')
	await page.getByRole('combobox', { name: '搜索' }).waitFor()
	await press('Escape')
	await press('?')
	await page.getByRole('dialog', { name: '快捷键' }).waitFor()
	await press('Escape')
	await press('g', 'e')
	await page.waitForURL(/\/device/)
})

test('keys rest behind a question', async () => {
	await list()
	await press('j', 'p')
	const dialog = page.getByRole('dialog')
	await dialog.waitFor()
	await tabTo(page, { css: '[role=dialog] button' })
	await press('j', 'x', 'g', 'e')
	assert.match(page.url(), /\/ticket/)
	assert.deepEqual([await dialog.count(), await chosen()], [1, 0])
	await press('Escape')
	await dialog.waitFor({ state: 'detached' })
	await untilRow(1)
})

test('panes by F6, and the way past the navigation', async () => {
	await list()
	const pane = () => page.evaluate(() => document.activeElement.closest('[data-pane]')?.className ?? '')
	const seen = new Set()
	for (let n = 0; n < 6; n++) {
		await press('F6')
		seen.add(await pane())
	}
	assert.equal(seen.size >= 4 && !seen.has(''), true, [...seen].join(' | '))
	await page.goto(at('/outbox'))
	await page.locator('.message, .empty').first().waitFor()
	await press('Tab')
	assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
	await press('Enter', 'Tab')
	assert.equal(await page.evaluate(() => document.activeElement.closest('main') !== null), true)
})

test('a ticket: reply and note', async () => {
	await list()
	assert.equal(await rowWithFocus(), -1)
	await press('j', 'k', 'Enter')
	await page.locator('.actions').waitFor()
	await press('r')
	await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA')
	await press('Alt+n')
	await page.locator('.compose.internal').waitFor()
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), '内部备注')
})
