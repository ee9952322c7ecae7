/* Conversations at the desk, by keyboard alone: from one to the next, an article quoted by #, a ticket, a transfer, one's status, and the key that sends. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { atKeys } from './keys.mjs'
import { newNumber } from './customer.mjs'
import { act, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { accountOf, api } from './staff.mjs'
import { openSms } from './stranger.mjs'

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
let page, keys, sms, me
atKeys((desk) => { ({ page, keys } = desk) })
before(async () => {
	sms = await openSms()
	me = (await api('GET', '/session')).user
})
after(() => sms.close())

const of = (id) => api('GET', `/conversation/${id}`)
const said = async (id) => (await api('GET', `/conversation/${id}/message`)).items
/* A conversation that I have. */
async function asked(words) {
	const id = await sms.write(newNumber(), words)
	await act(id, 'assign', { owner_id: me.id })
	return id
}
const writing = (label = '回复客户') => page.waitForFunction((wanted) => document.activeElement.tagName === 'TEXTAREA' && document.activeElement.getAttribute('aria-label') === wanted, label)
const written = () => page.evaluate(() => document.activeElement.value)
async function open(id) {
	await keys.go(`/desk/${id}`)
	await writing()
}
/* Typed, and all that is shown was found by it. */
async function look(words) {
	await articles().getByRole('combobox').waitFor()
	await keys.write(words)
	await until(async () => (await articles().getByRole('listbox').getAttribute('aria-busy')) === 'false', `articles about ${words}`)
}
const articles = () => page.getByRole('dialog', { name: '引用知识' })

test('an article is found by #, chosen by arrows, changed and sent', async () => {
	const talk = await asked(`空调漏水怎么处理 ${stamp}`)
	await open(talk)
	await page.locator('[data-assist] .take').first().waitFor()
	await keys.write('3#楼您好，请看#')
	await articles().getByRole('option').first().waitFor()
	assert.match(await articles().getByRole('option').first().innerText(), /漏水[^]*A02/, 'nothing typed yet: what she asked')
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)
	await look('冰箱怎么除霜')
	await keys.take(/霜[^]*冰箱/)
	await writing()
	assert.match(await written(), /^3#楼您好，请看[^#]*霜/)
	await keys.write('祝好')
	await keys.press('Enter')
	const last = await until(async () => (await said(talk)).find((m) => m.text.startsWith('3#楼您好')), 'sent')
	assert.match(last.text, /祝好$/)
	assert.equal(last.visibility, 'public')
	const turn = await until(async () => (await api('GET', `/bot_turn?condition=${encodeURIComponent(`conversation_id = ${talk}`)}`)).items[0], 'that another was suggested')
	assert.deepEqual([turn.article, turn.verdict], ['A02', 'corrected'])

	await until(async () => (await written()) === '', 'an empty line')
	await keys.write('#')
	await articles().waitFor()
	await keys.press('Escape')
	await articles().waitFor({ state: 'detached' })
	await writing()
	assert.equal(await written(), '#', 'what is not chosen stays as it was typed')
	await keys.press('Backspace')
	await keys.choose({ name: '引用知识', within: '.say' })
	await articles().waitFor()
	await keys.press('Escape')
	await articles().waitFor({ state: 'detached' })
	await page.waitForFunction(() => document.activeElement.textContent.trim() === '引用知识')
})

test('a fault tree is told by where to read it, and a note quotes what is for staff', async () => {
	const row = await api('POST', '/article', { code: `KT-${stamp}`, kind: 'faq', audience: 'staff', title_zh: `铂键除霜口径 ${stamp}`, body_zh: '内部：先看批次。' })
	await api('POST', `/article/${row.id}/action/publish`, { version: row.version })
	const talk = await asked(`空调不制冷 ${stamp}`)
	await open(talk)
	await keys.write('＃')
	await look('空调不制冷')
	await keys.take(/AC-T1/)
	await writing()
	await until(async () => /\/help\/article\/AC-T1\?/.test(await written()), 'the address')
	await keys.press('Control+a', 'Backspace')

	await keys.write('#')
	await look(`铂键除霜口径 ${stamp}`)
	assert.equal(await articles().getByText(`铂键除霜口径 ${stamp}`).count(), 0, 'nothing for customers')
	await keys.press('Escape')
	await writing()
	await keys.press('Control+a', 'Backspace', 'Alt+n')
	await writing('内部备注')
	await keys.write('#')
	await look(`铂键除霜口径 ${stamp}`)
	await keys.take(/内部资料，勿发客户[^]*KT-/)
	await writing('内部备注')
	await keys.press('Enter')
	await until(async () => (await said(talk)).some((m) => m.visibility === 'internal' && m.text === '内部：先看批次。'), 'the note')
})

test('from one conversation to the next while one writes; what was begun waits', async () => {
	const talks = []
	for (const n of [1, 2, 3]) talks.push(await asked(`键盘换会话 ${stamp} ${n}`))
	const rows = page.locator('#desk-list a.row')
	const order = () => rows.evaluateAll((all) => all.map((one) => one.getAttribute('href').split('/').pop()))
	const at = async (id) => {
		await page.waitForURL(new RegExp(`/desk/${id}$`))
		await writing()
		await page.locator(`a.row[aria-current][href$="/${id}"]`).waitFor()
	}
	await open(talks[0])
	await until(async () => (await order()).filter((id) => talks.includes(id)).length === 3, 'the list')
	const [first, second, third] = await order()
	let asks = 0
	const count = (request) => { asks += Number(request.url().includes('/api/v1/macro?')) }
	page.on('request', count)
	await open(first)
	await at(first)
	await keys.write('写到一半')
	await keys.press('Alt+ArrowDown', 'Alt+ArrowDown')
	await at(third)
	assert.equal(await written(), '')
	await keys.press('Alt+ArrowUp')
	await at(second)
	await keys.press('Alt+ArrowUp', 'Alt+ArrowUp')
	await at(first)
	await until(async () => (await written()) === '写到一半', 'what was begun')
	page.off('request', count)
	assert.equal(asks, 1, 'the list of macros is asked for once')
	await keys.press('Control+a', 'Backspace')
})

test('a ticket of the conversation, and whom it is given to', async () => {
	const talk = await asked(`冰箱漏水 ${stamp}`)
	await open(talk)
	await keys.press('Alt+w')
	await until(async () => (await of(talk)).ticket_id, 'the ticket')
	const link = page.locator('.thread .ticket a')
	await link.waitFor()
	await keys.press('Alt+w')
	await page.waitForFunction(() => document.activeElement.matches('.thread .ticket a'))
	await keys.press('Enter')
	await page.waitForURL(new RegExp(`/ticket/${(await of(talk)).ticket_id}$`))

	await open(talk)
	await keys.press('Alt+t')
	await page.getByRole('dialog', { name: /^转接/ }).waitFor()
	await keys.dialog()
	await keys.type({ css: '[role=dialog] [role=combobox]' }, '林晓')
	await keys.take(/林晓/)
	await keys.press('Control+Enter')
	const linxiao = (await api('GET', '/user?limit=100')).items.find((u) => u.account === accountOf('linxiao').account)
	await until(async () => (await of(talk)).owner_id === linxiao.id, 'hers')
})

test('the map tells the keys of the desk; status and knowledge are a key away', async () => {
	await keys.go('/ticket')
	await page.locator('tbody tr, .empty').first().waitFor()
	await keys.press('?')
	const map = page.getByRole('dialog', { name: '快捷键' })
	const line = (name) => map.locator('.line', { hasText: name }).locator('dd')
	await map.getByRole('heading', { name: '工作台' }).waitFor()
	assert.equal(await line('引用知识').innerText(), '#')
	assert.match(await line('下一个会话').innerText(), /Alt\s*↓/)
	assert.match(await line('转接会话').innerText(), /Alt\s*T/)
	await keys.press('Escape')
	await map.waitFor({ state: 'detached' })
	await page.locator('.duty .state').waitFor()
	await keys.press('Alt+s')
	await page.getByRole('dialog', { name: '更改状态' }).or(page.locator('.duty .menu')).first().waitFor()
	await page.waitForFunction(() => document.activeElement.closest('.duty .menu'))
	await keys.press('Escape')
	await page.locator('.duty .menu').waitFor({ state: 'detached' })
	await keys.press('g', 'k')
	await page.waitForURL(/\/knowledge$/)
})

test('whoever wants Enter to begin a line sends by another key', async () => {
	const talk = await asked(`换发送键 ${stamp}`)
	await keys.go('/settings')
	await keys.to(/更改快捷键：发送消息/)
	await keys.press('Enter', 'a')
	await page.locator('li', { hasText: '发送消息' }).getByText('按下 Enter').waitFor()
	await keys.press('Control+Enter')
	await page.locator('li', { hasText: '发送消息' }).getByText('Ctrl', { exact: true }).waitFor()
	assert.equal(await page.locator('li', { hasText: '发送消息' }).getByText('与另一个相同').count(), 0)
	await open(talk)
	await keys.write('第一行')
	await keys.press('Enter')
	await keys.write('第二行')
	assert.equal(await written(), '第一行\n第二行')
	await keys.press('Control+Enter')
	await until(async () => (await said(talk)).some((m) => m.text === '第一行\n第二行'), 'sent')
	await keys.go('/settings')
	await keys.choose(/^关闭：发送消息/)
	await keys.choose(/^恢复：发送消息/)
	await page.locator('li', { hasText: '发送消息' }).getByText('Enter', { exact: true }).waitFor()
	assert.equal(await page.locator('li', { hasText: '发送消息' }).getByText('Ctrl', { exact: true }).count(), 0)
})
