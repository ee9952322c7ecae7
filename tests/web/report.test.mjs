/* Reporting on the phone: danger first, nothing typed is lost, nothing is sent twice, nobody is asked what is known. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chooseProduct, fillRepair, newNumber, openPhone, openProgress, reportRepair, sendReport, signIn, state } from './customer.mjs'
import { until } from './desk.mjs'
import { openLine } from './proxy.mjs'
import { DESK, openContext } from './page.mjs'
import { at, enterConsole, messageTo, personWithDevice, setSetting, ticketByNumber } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('danger: what to do and the phone, before anybody asks who you are', async () => {
	const phone = await openPhone(browser)
	await phone.page.locator('a.urgent').click()
	await phone.page.locator('label.chip', { hasText: '冒烟' }).click()
	assert.equal(await phone.page.locator('.steps li').count() >= 3, true)
	assert.match(await phone.page.locator('footer a.danger').getAttribute('href'), /^tel:[\d-]+$/)
	await phone.page.getByRole('button', { name: '已经安全' }).click()
	await phone.page.locator('#problem textarea').fill('插头冒烟，已经关了电闸')
	await phone.page.locator('footer .primary').click()
	await phone.page.locator('#phone').waitFor()
	await signIn(phone, newNumber())
	assert.equal(await phone.page.locator('#problem textarea').inputValue(), '插头冒烟，已经关了电闸')
	const no = await sendReport(phone.page)
	const ticket = await ticketByNumber(no)
	assert.deepEqual([ticket.grade, ticket.scene, ticket.danger], ['critical', 'emergency', 'smoke'])
	await phone.close()
})

test('"有，马上处理" in a repair turns the page, and the ticket is critical', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await phone.go('/report/repair')
	await chooseProduct(phone.page, '洗衣机')
	await phone.page.locator('#safety button').nth(1).click()
	await phone.page.getByRole('button', { name: '已经安全' }).click()
	await phone.page.getByText('请选一项').waitFor()
	await phone.page.locator('label.chip', { hasText: '漏水' }).click()
	await phone.page.getByRole('button', { name: '已经安全' }).click()
	await phone.page.locator('#problem textarea').fill('进水管爆了')
	const ticket = await ticketByNumber(await sendReport(phone.page))
	assert.deepEqual([ticket.grade, ticket.danger], ['critical', 'leak'])
	await phone.close()
})

test('what is missing is said at its place, and the first of it gets the focus', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await phone.go('/report/complaint')
	await phone.page.locator('#problem').waitFor()
	await phone.page.locator('footer .primary').click()
	await phone.page.locator('#about .wrong').waitFor()
	await phone.page.locator('#problem .wrong').waitFor()
	assert.equal(await phone.page.evaluate(() => document.activeElement.closest('#about') !== null), true)
	await phone.close()
})

test('a draft survives closing the page, with its photos', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await fillRepair(phone, { words: '写到一半' })
	await phone.page.locator('#problem input[type=file]').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture(phone.page) })
	await phone.page.locator('.photo').waitFor()
	await until(() => phone.page.evaluate(isKept), 'the draft is kept')
	await phone.go('/report/repair')
	await phone.page.getByText('已恢复您上次没写完的内容').waitFor()
	assert.equal(await phone.page.locator('#problem textarea').inputValue(), '写到一半')
	assert.equal(await phone.page.locator('.photo').count(), 1)
	await phone.close()
})

/* The draft is in the phone's own store, its words and its photo. */
async function isKept() {
	const answer = (request) => new Promise((done) => { request.onsuccess = () => done(request.result) })
	const store = await answer(indexedDB.open('anxin_my'))
	const draft = await answer(store.transaction('kept').objectStore('kept').get('draft:repair'))
	store.close()
	return draft?.description === '写到一半' && draft.parts.length === 1
}

/* A picture as heavy as a camera's, made in the page: noise does not compress. */
async function picture(page, side = 1800) {
	const url = await page.evaluate((n) => {
		const canvas = document.createElement('canvas')
		canvas.width = canvas.height = n
		const pen = canvas.getContext('2d')
		const dots = pen.createImageData(n, n)
		for (let i = 0; i < dots.data.length; i++) dots.data[i] = i % 4 === 3 ? 255 : (Math.random() * 256) | 0
		pen.putImageData(dots, 0, 0)
		return canvas.toDataURL('image/jpeg', 0.97)
	}, side)
	return Buffer.from(url.split(',')[1], 'base64')
}

test('photos are made small on the phone and are seen on the progress page', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await fillRepair(phone, { words: '看照片' })
	const large = await picture(phone.page)
	const sent = []
	phone.page.on('request', (request) => {
		if (request.method() === 'POST' && request.url().endsWith('/my/file')) sent.push(JSON.parse(request.postData()))
	})
	await phone.page.locator('#problem input[type=file]').setInputFiles({ name: 'large.jpg', mimeType: 'image/jpeg', buffer: large })
	await phone.page.locator('.photo').waitFor()
	await sendReport(phone.page)
	assert.equal(sent.length, 1)
	assert.equal(sent[0].type, 'image/jpeg')
	assert.equal(sent[0].size < large.length, true, `${sent[0].size} of ${large.length}`)
	await openProgress(phone.page)
	const shown = phone.page.locator('.files img').first()
	await shown.waitFor()
	assert.equal(await shown.evaluate((image) => image.decode().then(() => image.naturalWidth)), 1600)
	await phone.close()
})

test('proof of purchase for a device that nobody knows yet: judged at the ticket, and the picture is gone', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await fillRepair(phone, { words: '刚买的冰箱，发票还在' })
	await phone.page.getByRole('button', { name: /添加购买凭证/ }).click()
	const card = phone.page.locator('section.card', { hasText: '购买凭证' }).last()
	await card.locator('label.chip', { hasText: '发票' }).click()
	await card.locator('#proof-day').fill('2026-03-08')
	await card.locator('input[type=file]').setInputFiles({ name: 'invoice.jpg', mimeType: 'image/jpeg', buffer: await picture(phone.page) })
	await card.locator('.photo').waitFor()
	const no = await sendReport(phone.page)
	await phone.close()

	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at(`/ticket/${(await ticketByNumber(no)).id}`))
	const proof = desk.page.locator('.proofs')
	await proof.locator('img').waitFor()
	assert.equal(await proof.locator('input[type=date]').inputValue(), '2026-03-08')
	await proof.getByRole('button', { name: '有效' }).click()
	await proof.locator('img').waitFor({ state: 'detached' })
	await proof.getByText('2026-03-08').waitFor()
	await desk.close()
})

test('without network the report is kept, sent later, and only once', async () => {
	const line = await openLine(process.env.ANXIN_URL)
	const number = newNumber()
	const phone = await openPhone(browser, { base: line.url })
	await signIn(phone, number)
	await fillRepair(phone, { words: '地下室没有信号' })
	line.cut()
	await phone.page.locator('footer .primary').click()
	await phone.page.getByText('已保存，联网后自动发送').first().waitFor()
	line.mend()
	await phone.page.getByRole('button', { name: '现在发送' }).click()
	await phone.page.getByRole('button', { name: '现在发送' }).waitFor({ state: 'detached' })
	await phone.go('/')
	await phone.page.locator('.ticket').first().waitFor()
	assert.equal(await phone.page.locator('.ticket').count(), 1)
	await phone.close()
	await line.close()
})

test('an answer that got lost does not make a second ticket', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await fillRepair(phone, { words: '提交时断网' })
	let lost = 0
	await phone.page.route('**/api/v1/my/ticket', async (route) => {
		if (route.request().method() !== 'POST' || lost++ > 0) return route.continue()
		await route.fetch() // the server has it
		await route.abort('connectionreset') // the phone never hears
	})
	await sendReport(phone.page)
	assert.equal(lost, 2)
	await phone.go('/')
	await phone.page.locator('.ticket').first().waitFor()
	assert.equal(await phone.page.locator('.ticket').count(), 1)
	await phone.close()
})

test('the fourth report within an hour costs the phone a second, and nobody a captcha', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	const answers = []
	phone.page.on('response', (reply) => {
		if (reply.request().method() === 'POST' && reply.url().endsWith('/my/ticket')) answers.push(reply.status())
	})
	for (const words of ['第一次', '第二次', '第三次', '第四次']) await reportRepair(phone, { words })
	assert.deepEqual(answers, [201, 201, 201, 428, 201])
	await phone.close()
})

test('a second reminder has to wait, and the page shows how long', async () => {
	const phone = await openPhone(browser)
	await signIn(phone, newNumber())
	await reportRepair(phone, { words: '请快一点' })
	await openProgress(phone.page)
	await phone.page.getByRole('button', { name: '催一下' }).click()
	const again = phone.page.locator('footer button', { hasText: '后可再催' })
	await again.waitFor()
	assert.equal(await again.isDisabled(), true)
	await phone.page.getByText('已催 1 次').waitFor()
	await phone.close()
})

test('a signed link opens its ticket without sign-in, and the token leaves the address', async () => {
	const number = newNumber()
	const writer = await openPhone(browser)
	await signIn(writer, number)
	const no = await reportRepair(writer, { words: '用链接看进度' })
	await writer.close()
	const link = /\S*#\S*[?&]?t=[\w.-]+/.exec(await messageTo(number, /t=/))[0]
	const fragment = link.slice(link.indexOf('#') + 1)
	const reader = await openPhone(browser)
	await reader.go(fragment)
	await state(reader.page, '已收到')
	await reader.page.locator('footer', { hasText: no }).waitFor()
	assert.equal(reader.page.url().includes('t='), false)
	await reader.close()
})

test('a link that opens nothing any more leads to phone and code, then to the ticket', async () => {
	const number = newNumber()
	await setSetting('code.pause', 10)      // this number asks for two codes
	const writer = await openPhone(browser)
	await signIn(writer, number)
	const no = await reportRepair(writer, { words: '过期的链接' })
	await writer.close()
	const { id } = await ticketByNumber(no)
	const reader = await openPhone(browser)
	await reader.go(`/ticket/${id}?t=AAAA.BBBB`)
	await reader.page.getByText('链接已过期').first().waitFor()
	await signIn(reader, number)
	await setSetting('code.pause', null)
	await state(reader.page, '已收到')
	await reader.close()
})

test("somebody else's ticket is not found", async () => {
	const owner = await openPhone(browser)
	await signIn(owner, newNumber())
	const no = await reportRepair(owner, { words: '我的' })
	await owner.close()
	const { id } = await ticketByNumber(no)
	const stranger = await openPhone(browser)
	await signIn(stranger, newNumber())
	await stranger.go(`/ticket/${id}`)
	await stranger.page.getByText('没有找到这张服务单').waitFor()
	await stranger.close()
})

test('the known device is filled in; with an open ticket it shows that instead of a second form', async () => {
	const { phone: number, device } = await personWithDevice()
	const phone = await openPhone(browser)
	await signIn(phone, number)
	await phone.go('/report/repair')
	await phone.page.locator('#device b.name', { hasText: device.model }).waitFor()
	await phone.page.locator('#safety button').first().click()
	await phone.page.locator('#problem textarea').fill('第一次报修')
	const no = await sendReport(phone.page)
	assert.equal((await ticketByNumber(no)).device_id, device.id)
	await phone.go('/report/repair')
	await phone.page.getByText('这台设备已经有一张服务单').waitFor()
	await phone.page.getByRole('link', { name: '查看这张服务单' }).click()
	await phone.page.locator('footer', { hasText: no }).waitFor()
	/* Danger is another matter: nobody is sent away with it. */
	await phone.go('/report/emergency')
	await phone.page.locator('label.chip', { hasText: '漏电' }).click()
	await phone.page.getByRole('button', { name: '已经安全' }).click()
	await phone.page.locator('#problem textarea').fill('摸到外壳手麻')
	assert.notEqual(await sendReport(phone.page), no)
	await phone.close()
})
