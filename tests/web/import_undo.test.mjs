/* An import taken back by keyboard: what it would do is said first; what was used since stays, with the reason and the way to it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { tabTo } from './desk.mjs'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { api, enterConsole, enterInEnglish } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
const SHEET = ['姓名,手机号,备注', `收回甲${stamp},196${stamp}01,`, `收回乙${stamp},196${stamp}02,`, `收回丙${stamp},196${stamp}03,改过`].join('\r\n')
const found = async (n) => (await api('GET', `/customer?q=196${stamp}0${n}`)).items[0]

async function bring(page) {
	await page.goto(`${process.env.ANXIN_URL}/import`)
	await page.locator('select').first().selectOption('customer')
	const chooser = page.waitForEvent('filechooser')
	await page.locator('.drop button').first().click()
	await (await chooser).setFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${SHEET}`) })
	await page.locator('form button[type=submit]:not([disabled])').click()
	await page.waitForURL(/\/import\/\d+/)
	await page.getByRole('button', { name: '试运行' }).click()
	await page.locator('footer .primary', { hasText: '导入' }).click()
	await page.getByRole('button', { name: '撤销导入' }).waitFor()
}

test('asked first, taken back, and what stays says why', async () => {
	const before = await api('POST', '/customer', { name: `原名${stamp}`, phone: `196${stamp}03`, note: '原来的' })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await bring(page)
	assert.equal((await api('GET', `/customer/${before.id}`)).note, '改过')
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: (await found(2)).id, text: '怎么换滤芯' })
	assert.deepEqual(await axe(page), [])

	await tabTo(page, '撤销导入')
	await page.keyboard.press('Enter')
	const dialog = page.getByRole('dialog')
	await dialog.getByText('删除这次新建的 1 条').waitFor()
	await dialog.getByText('恢复 1 处更新前的值').waitFor()
	await dialog.getByText('1 处留下：导入后已有使用').waitFor()
	assert.deepEqual(await axe(page), [])
	assert.ok(await found(1), 'nothing is done before it was asked')
	if (process.env.ANXIN_SHOTS) await page.screenshot({ path: `${process.env.ANXIN_SHOTS}/undo_ask_1440.png` })
	await page.keyboard.press('Control+Enter')
	await page.getByText('已收回 2 处写入').waitFor()
	const row = page.locator('tbody tr', { hasText: '导入后已有使用' })
	await row.getByRole('link').last().waitFor()
	assert.equal(await row.getByRole('link').last().getAttribute('href'), `/ticket/${ticket.id}`)
	assert.equal((await api('GET', `/customer/${before.id}`)).note, '原来的')
	assert.equal(await found(1), undefined)
	assert.equal(await page.getByRole('button', { name: '撤销导入' }).count(), 0, 'once')
	assert.deepEqual(await axe(page), [])
	const download = page.waitForEvent('download')
	await page.getByRole('link', { name: '下载留下的行' }).click()
	assert.match((await download).suggestedFilename(), /\.csv$/)
	if (process.env.ANXIN_SHOTS) await page.screenshot({ path: `${process.env.ANXIN_SHOTS}/undone_1440.png`, fullPage: true })
	const at = page.url()
	await desk.close()

	const narrow = await openContext(browser, { ...DESK, viewport: { width: 390, height: 844 } })
	await enterInEnglish(narrow)
	await narrow.page.goto(at)
	await narrow.page.getByText('2 writes taken back').waitFor()
	await narrow.page.getByText('What stayed').first().waitFor()
	assert.equal(await isWide(narrow.page), false)
	if (process.env.ANXIN_SHOTS) await narrow.page.screenshot({ path: `${process.env.ANXIN_SHOTS}/undone_390.png`, fullPage: true })
	await narrow.close()
})
