/* Whether all is well: what was looked at, and a job that waits is done now. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from './desk.mjs'
import { axe, DESK, openContext } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('how the system is, and a job that is done at once', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	/* Calls to places that are not there, which other files leave behind, are given up in the end. */
	for (const job of (await api('GET', '/job?state=dead')).items) await api('POST', `/job/${job.id}/drop`, {})
	await enterConsole(page)
	await page.locator('.rail .foot').click()
	await page.getByRole('link', { name: '运行状况' }).click()
	await page.getByRole('list', { name: '检查项' }).getByText('备份', { exact: true }).waitFor()
	await page.getByText('磁盘空间').waitFor()
	await page.getByText('没有放弃的作业').waitFor()
	await page.getByRole('img', { name: /^磁盘可用：1 天/ }).waitFor()
	const hook = await api('POST', '/webhook', { name: '没有这台机器', url: 'https://hook.invalid/in' })
	await api('POST', `/webhook/${hook.id}/ping`, {})
	const failed = await until(async () => (await api('GET', '/job?state=waiting')).items.find((j) => j.kind === 'hook.send' && j.attempts), 'tried')
	await page.getByRole('button', { name: /^等待/ }).click()
	const again = page.getByRole('button', { name: '再试一次：Webhook 投递' })
	await again.first().waitFor()
	await page.getByLabel('只看这种作业').selectOption({ label: 'Webhook 投递' })
	await page.getByRole('cell', { name: '夜间维护' }).waitFor({ state: 'detached' })
	await again.first().waitFor()
	await page.getByLabel('只看这种作业').selectOption({ label: '全部作业' })
	await page.getByRole('cell', { name: '夜间维护' }).waitFor()
	assert.equal(await page.getByRole('button', { name: '再试一次：夜间维护' }).count(), 0, 'what has not been tried is a plan')
	assert.deepEqual(await axe(page), [])
	await again.first().click()
	await page.getByText('“Webhook 投递”马上再试').waitFor()
	await until(async () => (await api('GET', `/job/${failed.id}`)).run_at !== failed.run_at, 'tried again')
	await page.getByRole('list', { name: '谁处理过' }).getByText(/系统管理员.*再试.*Webhook 投递/).first().waitFor()
	await desk.close()
})
