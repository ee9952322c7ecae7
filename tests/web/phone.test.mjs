/* A telephone system set up by mouse; a call pops up over whatever page an agent is on, she says who it is, opens the conversation by keyboard; and calls by a click. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { startServer } from './tools.mjs'

const SECRET = 'a-secret-of-the-line'
const dialled = []
const cti = createServer((request, reply) => {
	let body = ''
	request.on('data', (part) => { body += part })
	request.on('end', () => { dialled.push(JSON.parse(body)); reply.end('{}') })
})
await new Promise((ready) => { cti.listen(0, '127.0.0.1', ready) })
const server = await startServer(undefined, { more: ['--outbound-allow', '127.0.0.0/8'] })
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
const { newNumber } = await import('./customer.mjs')
const { atDesk, until } = await import('./desk.mjs')
const { axe, isWide } = await import('./page.mjs')
const { api } = await import('./staff.mjs')

let page, line
atDesk((opened) => { page = opened })
after(async () => {
	await server.end()
	cti.close()
})

async function tell(call, event, more = {}) {
	const body = JSON.stringify({ call, event, at: Date.now(), ...more }), stamp = String(Math.floor(Date.now() / 1000)), id = crypto.randomUUID()
	const signature = createHmac('sha256', SECRET).update(`${stamp}.${id}.${body}`).digest('hex')
	const reply = await fetch(`${line}?id=${id}&timestamp=${stamp}&signature=${signature}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
	assert.equal(reply.status, 200, await reply.text())
}
const pop = () => page.locator('[data-call]')

test('a telephone system is set up, and its secret only goes in', async () => {
	const me = (await api('GET', '/session')).user.id
	await api('PATCH', `/user/${me}`, { version: (await api('GET', `/user/${me}`)).version, extension: '8001' })
	await page.goto(`${server.url}/phone_line/new`)
	await page.getByRole('button', { name: '呼叫中心', exact: true }).click()
	await page.getByLabel('点击外呼地址').fill(`http://127.0.0.1:${cti.address().port}/dial`)
	await page.getByLabel('状态', { exact: true }).selectOption('on')
	await page.getByLabel('签名密钥').fill(SECRET)
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.waitForURL(/\/phone_line\/\d+$/)
	line = await page.getByLabel('事件推送地址').inputValue()
	assert.match(line, /\/api\/v1\/phone\/[0-9a-f]{32}$/)
	await page.getByText('只能替换，不能查看').waitFor()
	assert.ok(!(await page.content()).includes(SECRET))
})

test('a known number pops up as a hint, is confirmed, and its conversation opens by keyboard', async () => {
	const phone = newNumber(), name = `周海${Date.now() % 10000}`
	const customer = await api('POST', '/customer', { name, phone })
	await page.goto(`${server.url}/ticket`)
	await page.getByRole('main').waitFor()
	await tell('c1', 'ringing', { direction: 'in', caller: phone, called: '4008001234', extension: '8001' })
	await pop().filter({ hasText: '来电振铃' }).waitFor()
	await pop().getByText('号码可能被冒用').waitFor()
	assert.ok(!(await pop().textContent()).includes(phone))
	assert.deepEqual(await axe(page), [])
	await tell('c1', 'answered', { direction: 'in', caller: phone, extension: '8001' })
	await pop().filter({ hasText: '正在通话' }).waitFor()
	await pop().getByRole('button', { name: '是这位客户' }).click()
	await pop().getByText('号码可能被冒用').waitFor({ state: 'detached' })
	await page.keyboard.press('Alt+c')
	await page.waitForURL(/\/desk\/\d+$/)
	await page.locator('.thread h1', { hasText: name.slice(0, 1) }).waitFor()
	await tell('c1', 'hung_up', { direction: 'in', caller: phone })
	await pop().waitFor({ state: 'detached' })
	const call = (await api('GET', '/phone_call?limit=1&sort=-created_at')).items[0]
	assert.equal(call.customer_id, customer.id)
})

test('somebody new becomes a customer by her name', async () => {
	const phone = newNumber(), name = `新客${Date.now() % 10000}`
	await tell('c2', 'ringing', { direction: 'in', caller: phone, called: '4008001234', extension: '8001' })
	await pop().getByLabel('新客户姓名').fill(name)
	await pop().getByRole('button', { name: '保存' }).click()
	await pop().getByText('新客户姓名').waitFor({ state: 'detached' })
	await tell('c2', 'missed', { direction: 'in', caller: phone })
	await pop().waitFor({ state: 'detached' })
	const call = (await api('GET', '/phone_call?limit=1&sort=-created_at')).items[0]
	assert.equal((await api('GET', `/customer/${call.customer_id}`)).kind, 'person')
})

test('a customer is called by a click', async () => {
	const customer = await api('POST', '/customer', { name: '吴一', phone: newNumber() })
	await page.goto(`${server.url}/customer/${customer.id}`)
	await page.getByRole('button', { name: '呼叫', exact: true }).click()
	await page.getByText('您的分机会先响铃').waitFor()
	const asked = await until(() => dialled[0], 'the telephone system is asked')
	assert.equal(asked.extension, '8001')
	await pop().filter({ hasText: '正在呼叫' }).waitFor()
	await tell('c3', 'ringing', { direction: 'out', called: asked.to, extension: '8001', ref: asked.ref })
	await tell('c3', 'hung_up', { direction: 'out', called: asked.to })
	await pop().waitFor({ state: 'detached' })
	await page.goto(`${server.url}/phone_call`)
	await page.getByRole('table').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
})
