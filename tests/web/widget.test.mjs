/* A visitor on a shop's own page, which is of another origin and lets nothing run that it does not name, writes, sends a picture, comes back, shows
   who she is and rates; an agent answers at the desk. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { bubble, openChat, write } from './chat.mjs'
import { newNumber } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, DESK, isWide, openContext, PHONE, smallTargets } from './page.mjs'
import { api, codeFor, setSetting } from './staff.mjs'

const MOST_BYTES = 40 * 1024
let page, shop, strange
atDesk((opened) => { page = opened })

/* A page of a shop that allows scripts and calls to the server alone: no style, no inline anything, no picture from elsewhere. */
async function serveShop() {
	const server = createServer((request, reply) => {
		const to = process.env.ANXIN_URL
		const lang = new URL(request.url, 'http://shop').searchParams.get('lang') ?? 'zh'
		reply.setHeader('Content-Type', 'text/html; charset=utf-8')
		reply.setHeader('Content-Security-Policy', `default-src 'none'; script-src ${to}; connect-src ${to} ${to.replace('http', 'ws')}; base-uri 'none'; form-action 'none'`)
		reply.end(`<!doctype html><html lang="${lang}"><meta name="viewport" content="width=device-width, initial-scale=1"><title>shop</title><h1>A shop</h1><script src="${to}/widget.js" data-company="demo" data-lang="${lang}" async></script></html>`)
	})
	await new Promise((done) => server.listen(0, '127.0.0.1', done))
	return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

async function chat(change) {
	const row = (await api('GET', '/web_chat?limit=20')).items.find((one) => one.state === 'on')
	return api('PATCH', `/web_chat/${row.id}`, { version: (await api('GET', `/web_chat/${row.id}`)).version, ...change })
}
before(async () => {
	shop = await serveShop()
	strange = await serveShop()
	await chat({ origins: shop.url })
})
after(() => { shop.close(); strange.close() })

const openShop = (options = DESK, lang = 'zh') => openChat(page.context().browser(), options, `${shop.url}/?lang=${lang}`)
async function answer(stamp, text) {
	await page.goto(`${process.env.ANXIN_URL}/desk?of=queue`)
	await page.locator('a.row', { hasText: stamp }).click()
	await bubble(page, stamp).waitFor()
	await page.locator('.say textarea').fill(text)
	await page.keyboard.press('Enter')
	await bubble(page, text).waitFor()
}

test('the script is small as it is sent', async () => {
	const script = readFileSync(new URL('../../web/dist/widget/widget.js', import.meta.url))
	for (const coding of ['gzip', 'br']) {
		const got = await fetch(`${process.env.ANXIN_URL}/widget.js`, { headers: { 'accept-encoding': coding } })
		assert.equal(got.headers.get('content-encoding'), coding)
		assert.ok(Number(got.headers.get('content-length')) <= MOST_BYTES, `${got.headers.get('content-length')} bytes`)
		assert.deepEqual(Buffer.from(await got.arrayBuffer()), script)
	}
})

test('a page that is not allowed shows no chat', async () => {
	const one = await openContext(page.context().browser())
	const warned = new Promise((done) => one.page.on('console', (m) => { if (m.text().includes('the chat is not shown')) done(m.text()) }))
	one.page.on('pageerror', (e) => assert.fail(String(e)))
	await one.page.goto(strange.url)
	await warned
	assert.equal(await one.page.locator('.launch').count(), 0)
	await one.context.close()        // the browser itself complains of the refusal
})

test('she writes, sends a picture, is answered, comes back and rates', async () => {
	const visitor = await openShop()
	const p = visitor.page
	const stamp = `结霜${Date.now()}`
	assert.equal(await p.evaluate(() => localStorage.length), 0, 'who only looks leaves nothing')
	await p.locator('.card input[autocomplete=name]').fill('王女士')
	assert.deepEqual(await axe(p), [])
	await write(p, `冷冻室${stamp}`)
	await p.getByText('已收到').waitFor()
	await answer(stamp, '您好，请拍一张照片')
	await bubble(p, '请拍一张照片').waitFor()
	await p.getByText('已读', { exact: false }).first().waitFor()

	await p.locator('input[type=file]').setInputFiles({ name: '结霜.png', mimeType: 'image/png', buffer: await picture(p) })
	await p.locator('.clip').waitFor()
	await p.locator('.write .go:not([aria-disabled=true])').click()
	await p.locator('.picture canvas').waitFor()
	await until(() => p.locator('.picture canvas').evaluate((c) => c.width > 1 && c.getContext('2d').getImageData(5, 5, 1, 1).data[3] === 255), 'the picture is drawn')
	await page.locator('.message .files img').waitFor()

	const dialog = page.waitForEvent('filechooser')
	await page.locator('.say .foot button').first().click()
	await (await dialog).setFiles({ name: '说明书.txt', mimeType: 'text/plain', buffer: Buffer.from('先断电') })
	await page.locator('.say textarea').fill('请看说明书')
	await page.locator('.say li.done').waitFor()
	await page.getByRole('button', { name: '发送', exact: true }).click()
	const doc = p.locator('.doc', { hasText: '说明书.txt' })
	await doc.waitFor()
	const [download] = await Promise.all([p.waitForEvent('download'), doc.click()])
	assert.equal(download.suggestedFilename(), '说明书.txt')

	await p.reload()
	await p.locator('.launch').waitFor()
	await page.locator('.say textarea').fill('照片收到，安排师傅上门')
	await page.keyboard.press('Enter')
	await p.locator('.badge', { hasText: '1' }).waitFor()
	await p.locator('.launch').click()
	await bubble(p, '照片收到').waitFor()
	assert.deepEqual((await p.locator('.bubble').allInnerTexts()), [`冷冻室${stamp}`, '您好，请拍一张照片', '请看说明书', '照片收到，安排师傅上门'])

	await visitor.context.setOffline(true)
	await p.locator('.write textarea').fill('好的')
	await p.keyboard.press('Enter')
	await p.locator('.waits').waitFor()
	await visitor.context.setOffline(false)
	await bubble(page, '好的').waitFor()
	await p.locator('.waits').waitFor({ state: 'detached' })
	assert.equal(await page.locator('.bubble', { hasText: '好的' }).count(), 1)

	await page.getByRole('button', { name: '结束会话' }).click()
	await p.getByText('本次会话已结束').waitFor()
	await p.getByRole('radio', { name: '4 分' }).click()
	await p.keyboard.press('ArrowRight')
	await p.locator('.card textarea').fill('很耐心')
	assert.deepEqual(await axe(p), [])
	await p.getByRole('button', { name: '提交评价' }).click()
	await p.getByText('您的评价：5 分').waitFor()
	await page.locator('.rating', { hasText: '5' }).waitFor()
	await page.getByText('很耐心').waitFor()
	await visitor.close()
})

/* A picture such as a browser draws. */
async function picture(p) {
	const url = await p.evaluate(() => {
		const c = document.createElement('canvas')
		c.width = 80
		c.height = 60
		const g = c.getContext('2d')
		g.fillStyle = '#3366aa'
		g.fillRect(0, 0, 80, 60)
		return c.toDataURL('image/png')
	})
	return Buffer.from(url.split(',')[1], 'base64')
}

test('who proves her number is the customer, and says so nowhere in secret', async () => {
	const phone = newNumber()
	const customer = await api('POST', '/customer', { name: '周婷', phone })
	const visitor = await openShop()
	const p = visitor.page
	const stamp = `漏水${Date.now()}`
	await write(p, stamp)
	await p.getByRole('button', { name: '更多' }).click()
	await p.getByRole('button', { name: '验证手机号' }).click()
	await p.locator('form.card input[type=tel]').fill(phone)
	await p.getByRole('button', { name: '获取验证码' }).click()
	await p.getByText('验证码已发送').waitFor()
	await p.locator('form.card input[inputmode=numeric]').fill('000000')
	await p.getByRole('button', { name: '验证', exact: true }).click()
	await p.getByText('验证码不对').waitFor()
	await p.locator('form.card input[inputmode=numeric]').fill(await codeFor(phone))
	await p.getByRole('button', { name: '验证', exact: true }).click()
	await p.getByText('验证成功').waitFor()
	const filter = encodeURIComponent(JSON.stringify([['customer_id', '=', customer.id]]))
	const [talk] = (await api('GET', `/conversation?filter=${filter}`)).items
	assert.equal(talk.last_words, stamp)
	await page.goto(`${process.env.ANXIN_URL}/customer/${customer.id}`)
	await page.getByText('并入').first().waitFor()
	await visitor.close()
})

test('on a phone it takes the screen, in the dark and in English too', async () => {
	const visitor = await openShop({ ...PHONE, colorScheme: 'dark', locale: 'en-GB' }, 'en')
	const p = visitor.page
	const box = await p.locator('.panel').boundingBox()
	assert.deepEqual([box.x, box.y, box.width], [0, 0, 390])
	await write(p, 'The dishwasher does not drain')
	assert.deepEqual(await axe(p), [])
	assert.equal(await isWide(p), false)
	assert.deepEqual(await small(p), [])
	await p.keyboard.press('Escape')
	await p.locator('.launch').waitFor()
	assert.equal(await p.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className), 'launch')
	await visitor.close()
})
const small = (p) => p.locator('[data-anxin-chat]').evaluate((host) => [...host.shadowRoot.querySelectorAll('button, textarea, input:not(.unseen)')]
	.map((one) => ({ one, box: one.getBoundingClientRect() })).filter(({ box }) => box.width && (box.width < 43.5 || box.height < 43.5)).map(({ one, box }) => `${one.className} ${box.width}×${box.height}`))

test('everything goes by keyboard', async () => {
	const visitor = await openContext(page.context().browser(), DESK)
	const p = visitor.page
	await p.goto(shop.url)
	await p.locator('.launch').waitFor()
	await p.keyboard.press('Tab')
	await p.keyboard.press('Enter')
	await p.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.tagName === 'TEXTAREA')
	await p.keyboard.type('只用键盘')
	await p.keyboard.press('Enter')
	await p.locator('li.own:not(.waits) .bubble', { hasText: '只用键盘' }).waitFor()
	await visitor.close()
})

test('the chat as a page of its own, and the shop of the demo', async () => {
	const one = await openContext(page.context().browser(), PHONE)
	await one.page.goto(`${process.env.ANXIN_URL}/chat/demo`)
	await write(one.page, '从链接来的')
	assert.deepEqual(await axe(one.page), [])
	assert.deepEqual(await smallTargets(one.page), [])
	assert.equal(await isWide(one.page), false)
	await one.page.goto(`${process.env.ANXIN_URL}/demo/shop`)
	await one.page.locator('.launch').click()
	await bubble(one.page, '从链接来的').waitFor()
	assert.deepEqual(await axe(one.page), [])
	await one.page.reload()
	await one.page.getByRole('button', { name: '插座旁边漏水' }).click()
	await bubble(one.page, '洗衣机漏水了，插座旁边都是水').waitFor()
	await one.page.goto(`${process.env.ANXIN_URL}/chat/nobody`)
	await one.page.getByText('没有开通').waitFor()
	await one.close()
})

test('its page shows how it would look while one types, and tries customer and agent side by side', async () => {
	const { id } = (await api('GET', '/web_chat?limit=20')).items.find((one) => one.state === 'on')
	await page.goto(`${process.env.ANXIN_URL}/web_chat/${id}`)
	await page.locator('.place .hello').waitFor()
	await page.getByLabel('欢迎语', { exact: true }).fill('有什么可以帮您？')
	await page.locator('.place .hello', { hasText: '有什么可以帮您？' }).waitFor()
	await page.getByRole('button', { name: 'English' }).click()
	await page.locator('.place', { hasText: 'Write a message' }).or(page.locator('.place textarea[placeholder="Write a message"]')).first().waitFor()
	assert.match(await page.locator('pre .snippet').innerText(), /^<script src="http:\/\/127\.0\.0\.1:\d+\/widget\.js" data-company="demo" async><\/script>$/)
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)

	await page.goto(`${process.env.ANXIN_URL}/try`)
	await page.locator('.place .write textarea').fill('试一试')
	await page.keyboard.press('Enter')
	await page.locator('.thread .bubble', { hasText: '试一试' }).waitFor()
	await page.locator('.say textarea').fill('看到了')
	await page.keyboard.press('Enter')
	await page.locator('.place .bubble', { hasText: '看到了' }).waitFor()
	assert.deepEqual(await axe(page), [])
})

test('tried with the bot on, the agent sees the talk at once and who has it', async () => {
	await setSetting('bot.receive', 'first')
	try {
		await page.goto(`${process.env.ANXIN_URL}/try`)
		await page.locator('.place .write textarea').fill('空调漏水怎么处理')
		await page.keyboard.press('Enter')
		await page.locator('.thread .bubble', { hasText: '空调漏水怎么处理' }).waitFor()
		await page.getByText('智能客服正在接待').waitFor()
		await page.locator('.thread .own .bubble').first().waitFor()
		assert.deepEqual(await axe(page), [])
		await page.locator('.place .write textarea').fill('转人工')
		await page.keyboard.press('Enter')
		await page.getByText('等待人工接入').waitFor()
		await page.locator('.say textarea').fill('我来处理')
		await page.keyboard.press('Enter')
		await page.locator('.place .bubble', { hasText: '我来处理' }).waitFor()
		await page.getByText(/正在接待/).filter({ hasNotText: '智能客服' }).first().waitFor()
		assert.equal(await isWide(page), false)
	} finally {
		await setSetting('bot.receive', null)
	}
})
