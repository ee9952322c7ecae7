/* A visitor's whole way. By day: the bot, a person please, her place in the line, an answer with its source, a ticket in one click, the end, a rating that staff see.
   By night: the night's words, a number left, a call-back that is due in the morning, done, and told on her page. */
import assert from 'node:assert/strict'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launch, startServer } from './tools.mjs'

/* The server's time, which stands until it is set. */
const folder = mkdtempSync(join(tmpdir(), 'anxin-clock.'))
const clock = join(folder, 'clock')
function setClock(time) {
	const bytes = Buffer.alloc(8)
	bytes.writeBigInt64LE(BigInt(Date.parse(time)))
	const file = openSync(clock, existsSync(clock) ? 'r+' : 'w')
	writeSync(file, bytes, 0, 8, 0)
	closeSync(file)
}
setClock('2027-03-01T10:00:00+08:00')
const server = await startServer(undefined, { more: ['--test-clock', clock] })
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
const { bubble, openChat, write } = await import('./chat.mjs')
const { until } = await import('./desk.mjs')
const { axe, DESK, isWide, openContext, PHONE } = await import('./page.mjs')
const { accountOf, api, at, enterConsole, setSetting } = await import('./staff.mjs')

let browser, team, hotline, queue
before(async () => {
	browser = await launch()
	await setSetting('bot.receive', 'first')
	await setSetting('sign_in.idle', 1440)
	team = (await api('GET', '/user?limit=100')).items.find((u) => u.account === 'linxiao').team_id
	queue = await api('POST', '/chat_queue', { name: '在线客服', team_id: team, place: 0, condition: '' })
	hotline = (await api('GET', '/calendar?limit=50')).items.find((k) => k.code === 'hotline').id
})
after(async () => {
	await browser.close()
	await server.end()
	rmSync(folder, { recursive: true })
})

async function openDesk(path) {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page, accountOf('linxiao'))
	await desk.page.goto(at(path))
	return desk
}

test('from the bot to a rating', async () => {
	const visitor = await openChat(browser, { ...DESK, colorScheme: 'dark' }), v = visitor.page
	await write(v, '我家的空调不制冷，怎么办？')
	await v.locator('.offers button', { hasText: '没解决' }).waitFor()
	assert.deepEqual(await axe(v), [])
	await write(v, '转人工')
	await v.getByText('正在排队，您是第 1 位').waitFor()

	const desk = await openDesk('/desk'), a = desk.page
	await a.getByRole('button', { name: '开始接待' }).click()
	const row = a.locator('a.row', { hasText: '空调不制冷' })          // of who waits one sees what it is about
	await row.click()
	await v.getByText('正在排队').waitFor({ state: 'hidden' })
	const note = a.locator('.message.internal', { hasText: 'HO-02' })
	assert.match(await note.innerText(), /问题：空调不制冷/)

	const pane = a.locator('[data-assist]')
	assert.match(await pane.locator('.take').first().innerText(), /空调不制冷[^]*A01[^]*%/)
	await a.locator('.say textarea').click()
	await a.keyboard.press('Alt+1')
	const box = a.locator('.say textarea')
	const answer = await until(async () => (await box.inputValue()).length > 20 && box.inputValue(), 'the answer in the box')
	await a.keyboard.press('Enter')
	await until(async () => (await v.locator('li:not(.own) .bubble').last().innerText()).startsWith(answer.slice(0, 20)), 'she has the answer')

	await a.getByRole('button', { name: '生成服务单' }).click()
	const link = a.getByRole('link', { name: /服务单 SR/ })
	await link.waitFor()
	const page = await link.getAttribute('href')
	const ticket = await api('GET', `/ticket/${page.split('/').at(-1)}`)
	assert.deepEqual([ticket.scene, ticket.channel, ticket.titles.product_id, ticket.titles.owner_id], ['repair', 'web', '空调', '林晓'])
	assert.match(ticket.description, /空调不制冷/)

	await a.getByRole('button', { name: '结束会话' }).click()
	await v.getByText('本次会话已结束').waitFor()
	await v.getByRole('radio', { name: '5 分' }).click()
	await v.locator('.card textarea').fill('很耐心')
	await v.getByRole('button', { name: '提交评价' }).click()
	await v.getByText('您的评价：5 分').waitFor()
	await a.locator('.rating', { hasText: '很耐心' }).waitFor()

	await a.goto(at(page))
	const talks = a.locator('section.related', { hasText: '空调不制冷' })
	await talks.waitFor()
	assert.match((await talks.locator('tbody tr').innerText()).replace(/\s+/g, ' '), /已结束 5/)
	assert.ok(await talks.locator('td').last().evaluate((cell) => cell.getBoundingClientRect().right <= cell.closest('section').getBoundingClientRect().right), 'the rating is not cut off')
	const measured = await until(async () => (await api('GET', '/promise/figures?period=day')).items.find((p) => p.code === 'chat_satisfaction' && p.cases), 'the promise counts it')
	assert.deepEqual([measured.cases, measured.held], [1, 1])
	await desk.close()
	await visitor.close()
})

test('danger on a company page: what to do at once, a critical ticket, a person', async () => {
	const visitor = await openChat(browser, PHONE), v = visitor.page
	await write(v, '热水器漏电，摸着麻手')
	await v.locator('li:not(.own) .bubble', { hasText: /断电|电闸|不要/ }).first().waitFor()
	assert.deepEqual(await axe(v), [])
	const { items } = await api('GET', '/conversation?sort=-created_at&limit=20')      // whoever is receiving may have been given it
	const desk = await openDesk(`/desk/${items.find(({ title }) => title.includes('漏电')).id}`), a = desk.page
	const link = a.getByRole('link', { name: /服务单 SR/ })
	await link.waitFor()
	const ticket = await api('GET', `/ticket/${(await link.getAttribute('href')).split('/').at(-1)}`)
	assert.deepEqual([ticket.scene, ticket.grade], ['emergency', 'critical'])
	await desk.close()
	await visitor.close()
})

test('written at night, called back in the morning', async () => {
	await setSetting('bot.receive', null)
	await api('POST', `/chat_queue/${queue.id}/archive`, { version: (await api('GET', `/chat_queue/${queue.id}`)).version })
	await api('POST', '/chat_queue', { name: '夜间留言', team_id: team, place: 0, condition: '', calendar_id: hotline })
	const chat = (await api('GET', '/web_chat?limit=20')).items.find((one) => one.state === 'on')
	await api('PATCH', `/web_chat/${chat.id}`, { version: (await api('GET', `/web_chat/${chat.id}`)).version, calendar_id: hotline })
	setClock('2027-03-01T23:00:00+08:00')

	const visitor = await openChat(browser, { ...PHONE, colorScheme: 'dark' }), v = visitor.page
	await v.getByText('现在是非服务时间').first().waitFor()
	await v.locator('.card input[autocomplete=name]').fill('周婷')
	await v.getByLabel(/上班后给您回电/).fill('13912345678')
	assert.deepEqual(await axe(v), [])
	assert.equal(await isWide(v), false)
	await write(v, '洗衣机不排水，明天能来人看看吗')
	await bubble(v, '明天 08:00 上班后尽快联系您').waitFor()
	await v.getByText(/08:00 恢复服务/).waitFor()

	setClock('2027-03-02T08:30:00+08:00')
	const desk = await openDesk('/task'), a = desk.page
	await a.getByRole('button', { name: /小组的任务/ }).click()
	await a.getByText('非服务时间来访，请回复：洗衣机不排水').first().click()
	const see = async (path) => (await a.request.get(at(`/api/v1${path}`))).json()      // nobody else is still signed in
	const [task] = (await see('/task?limit=10&sort=-created_at')).items
	assert.deepEqual([task.kind, task.due_at, task.titles.team_id], ['call_back', Date.parse('2027-03-02T08:00:00+08:00'), '客服二组'])
	await a.getByRole('button', { name: '完成', exact: true }).first().click()
	const dialog = a.getByRole('dialog')
	await dialog.getByLabel('通话结果').selectOption('已通话')
	await dialog.getByRole('button', { name: '完成', exact: true }).click()

	await bubble(v, '客服已通过电话与您联系').waitFor()
	await v.getByText(/恢复服务/).waitFor({ state: 'hidden' })
	assert.equal((await see(`/task/${task.id}`)).state, 'done')
	await desk.close()
	await visitor.close()
})
