/* Coming from another system by mouse: tickets with words to be told, what was said on them, and their files; found by the old number. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
const TICKETS = ['Ticket ID,Status,Created,Solved,主题,联系电话,客户姓名',
	`W${stamp}1,Pending,2023-03-01 09:00,,冰箱不制冷,137${stamp}01,赵一鸣`,
	`W${stamp}2,Solved,2023-03-02 09:00,2023-03-04 18:30,洗衣机漏水,137${stamp}01,赵一鸣`,
	`W${stamp}3,Solved,2023-03-05 09:00,2023-03-04 10:00,时间倒了,137${stamp}02,钱二`].join('\r\n')
const COMMENTS = ['Ticket ID,评论人,created,visibility,body', `W${stamp}1,张三,2023-03-01 11:00,public,"<p>师傅明天上门</p><script>x</script>"`].join('\r\n')
const FILES = ['Ticket ID,path', `W${stamp}1,a.txt`, `W${stamp}1,none.txt`].join('\r\n')
/* A zip of one stored file, a.txt holding "fine\n". */
const ZIP = Buffer.from('UEsDBBQAAAAAAAAAIQCvXWgsBQAAAAUAAAAFAAAAYS50eHRmaW5lClBLAQIUAxQAAAAAAAAAIQCvXWgsBQAAAAUAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBLBQYAAAAAAQABADMAAAAoAAAAAAA=', 'base64')

async function give(page, button, file) {
	const chooser = page.waitForEvent('filechooser')
	await button.click()
	await (await chooser).setFiles(file)
}
const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${text}`) })

async function announce(page, record, sheet, zip) {
	await page.goto(at('/import'))
	await page.locator('select').first().selectOption(record)
	await give(page, page.locator('.drop button').first(), sheet)
	if (zip) await give(page, page.locator('.drop.beside button').first(), zip)
	await page.locator('form button[type=submit]:not([disabled])').click()
	await page.waitForURL(/\/import\/\d+/)
	await page.getByRole('heading', { name: '列对应' }).waitFor()
}

async function through(page) {
	await page.getByRole('button', { name: '试运行' }).click()
	await page.locator('footer .primary', { hasText: '导入' }).click()
	await page.getByRole('link', { name: '查看列表' }).waitFor()
}

test('tickets, remarks and files of another system', async () => {
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)

	await announce(page, 'past_ticket', csv('tickets.csv', TICKETS))
	await page.getByLabel('原系统').fill(`old${stamp}`)
	await page.getByLabel('状态：Pending').selectOption('working')
	await page.getByLabel('状态：Solved').selectOption('closed')
	await page.getByRole('button', { name: '预览前 20 行' }).click()
	const preview = page.locator('section.card', { hasText: '前 20 行' })
	await preview.locator('tbody tr').nth(2).waitFor()
	assert.equal(await preview.locator('td.bad').count(), 1)
	assert.deepEqual(await axe(page), [])
	await through(page)
	await page.getByText('新建 2').waitFor()

	const download = page.waitForEvent('download')
	await page.getByRole('link', { name: '下载有误的行' }).click()
	assert.match((await download).suggestedFilename(), /\.csv$/)

	await announce(page, 'past_comment', csv('comments.csv', COMMENTS))
	await page.getByLabel('原系统').fill(`old${stamp}`)
	await through(page)
	await page.getByText('新建 1').waitFor()

	await announce(page, 'past_file', csv('files.csv', FILES), { name: 'files.zip', mimeType: 'application/zip', buffer: ZIP })
	assert.equal(await page.getByLabel('原系统').inputValue(), '')
	await page.getByLabel('原系统').fill(`old${stamp}`)
	await page.getByRole('button', { name: '试运行' }).click()
	await page.getByText('附带的文件里没有它').waitFor()
	await page.locator('footer .primary', { hasText: '导入' }).click()
	await page.getByRole('link', { name: '查看列表' }).waitFor()

	/* The next list of this kind is matched as this one was. */
	await announce(page, 'past_ticket', csv('again.csv', TICKETS))
	assert.equal(await page.getByLabel('原系统').inputValue(), `old${stamp}`)
	assert.equal(await page.getByLabel('状态：Pending').inputValue(), 'working')

	/* By its old number, from anywhere. */
	await page.keyboard.press('Control+k')
	await page.keyboard.type(`W${stamp}1`)
	await page.locator('[role=option]', { hasText: '冰箱不制冷' }).or(page.locator('[role=option]', { hasText: 'SR20230301' })).first().click()
	await page.waitForURL(/\/ticket\/\d+/)
	await page.getByText('原系统 张三').waitFor()
	await page.getByText('师傅明天上门').waitFor()
	const { items } = await api('GET', `/ticket?filter=${encodeURIComponent(JSON.stringify([['old_no', '=', `W${stamp}1`]]))}`)
	const timeline = await api('GET', `/ticket/${items[0].id}/timeline`)
	assert.equal(timeline.items.flatMap((one) => one.file_ids).length, 1)
	await desk.close()
})

test('the pages of an import on a phone are not cut off', async () => {
	const phone = await openContext(browser, PHONE)
	const { page } = phone
	await enterConsole(page)
	await announce(page, 'past_ticket', csv('phone.csv', TICKETS))
	await page.getByRole('button', { name: '预览前 20 行' }).click()
	await page.locator('section.card', { hasText: '前 20 行' }).locator('tbody tr').first().waitFor()
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false, 'wider than the screen')
	await phone.close()
})
