/* Two agents on one ticket: they see each other, and the later one decides again instead of overwriting. */
import { after, before, test } from 'node:test'
import { newNumber, openPhone, reportRepair, signIn } from './customer.mjs'
import { DESK, openContext } from './page.mjs'
import { accountOf, at, enterConsole, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function openDesk(account, path) {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page, account)
	await desk.page.goto(at(path))
	await desk.page.locator('.actions').waitFor()
	return desk
}

test('they see each other, and a stale move is not done', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	const no = await reportRepair(phone, { words: '两个人同时处理' })
	await phone.close()
	const { id } = await ticketByNumber(no)
	const first = await openDesk(accountOf('admin'), `/ticket/${id}`)
	const second = await openDesk(accountOf('linxiao'), `/ticket/${id}`)
	await first.page.locator('.looking').waitFor()
	await second.page.locator('.looking').waitFor()

	/* The first opens the dialog and thinks; the second moves on meanwhile. */
	await first.page.locator('.actions').getByRole('button', { name: '取消', exact: true }).click()
	await first.page.getByRole('dialog').locator('textarea').fill('重复提交')
	await second.page.locator('.actions').getByRole('button', { name: '受理', exact: true }).click()
	await second.page.locator('.actions').getByRole('button', { name: '开始处理', exact: true }).waitFor()
	await first.page.getByRole('dialog').getByRole('button', { name: '取消', exact: true }).last().click()
	await first.page.locator('.conflict').waitFor()
	if ((await ticketByNumber(no)).state !== 'accepted') throw new Error('the stale move was done')
	await first.close()
	await second.close()
})
