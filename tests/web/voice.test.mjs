/* A customer speaks instead of writing: in the chat of a shop's page that allows no media from elsewhere, and in her own pages; heard before it is sent, and at
   the desk. The microphone is Chromium's own, which beeps. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { openChat, write } from './chat.mjs'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, DESK, isWide, openContext, smallTargets } from './page.mjs'
import { api, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let page, browser, shop
atDesk((opened) => { page = opened })

before(async () => {
	browser = await launch(['--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required'])
	const to = process.env.ANXIN_URL
	shop = createServer((_request, reply) => {
		reply.setHeader('Content-Type', 'text/html; charset=utf-8')
		reply.setHeader('Content-Security-Policy', `default-src 'none'; script-src ${to}; connect-src ${to} ${to.replace('http', 'ws')}`)
		reply.end(`<!doctype html><html lang="zh"><meta name="viewport" content="width=device-width, initial-scale=1"><title>shop</title><h1>A shop</h1><script src="${to}/widget.js" data-company="demo" data-lang="zh" async></script></html>`)
	})
	await new Promise((done) => shop.listen(0, '127.0.0.1', done))
	const row = (await api('GET', '/web_chat?limit=20')).items.find((one) => one.state === 'on')
	await api('PATCH', `/web_chat/${row.id}`, { version: row.version, origins: `http://127.0.0.1:${shop.address().port}` })
})
after(async () => {
	await browser.close()
	shop.close()
})
const openShop = (permissions) => openChat(browser, { ...DESK, permissions }, `http://127.0.0.1:${shop.address().port}/`)
/* Until it has recorded for a while: what the beep says is no matter, that it lasts is. */
const recorded = (p, selector, s) => until(async () => Number(/(\d+):(\d+)/.exec(await p.locator(selector).innerText())?.[2]) >= s, 'it records')

test('in the chat she speaks, hears it, throws it away, speaks again, and the desk plays it', async () => {
	const visitor = await openShop(['microphone'])
	const p = visitor.page
	const stamp = `异响${Date.now()}`
	await p.locator('.card input[autocomplete=name]').fill('王女士')
	await write(p, `压缩机有${stamp}`)
	const mic = p.getByRole('button', { name: '发送语音' })
	await mic.click()
	await recorded(p, '.record [role=timer]', 3)
	assert.match(await p.locator('.record [role=timer]').innerText(), /^正在录音 0:\d\d \/ 1:00$/)
	assert.deepEqual(await axe(p), [])
	await p.getByRole('button', { name: '取消' }).click()
	assert.equal(await p.locator('.clip').count(), 0)
	await mic.click()
	await recorded(p, '.record [role=timer]', 3)
	await p.getByRole('button', { name: '完成' }).click()
	await p.locator('.clip .voice').click()
	await p.locator('.clip .voice[aria-label^="停止播放"]').waitFor()
	await p.locator('.write .go:not([aria-disabled=true])').click()
	const own = p.locator('li.own .voice')
	await own.waitFor()
	assert.match(await own.innerText(), /^[1-9]″$/)
	await own.click()
	await p.locator('li.own .voice[aria-label^="停止播放"]').waitFor()
	await own.click()
	await p.locator('li.own .voice[aria-label^="播放"]').waitFor()
	assert.deepEqual(await axe(p), [])

	const { id } = (await api('GET', '/conversation?sort=-created_at&limit=20')).items.find((one) => one.title.includes(stamp))
	await page.goto(`${process.env.ANXIN_URL}/desk/${id}?of=queue`)
	const voice = page.locator('.message [data-voice]')
	await voice.waitFor()
	assert.match(await voice.innerText(), /^[1-9]″$/)
	assert.deepEqual(await axe(page), [])
	await voice.click()
	await page.locator('.message [data-voice][aria-pressed=true]').waitFor()
	await visitor.close()
})

test('who does not allow it is told so, and can write', async () => {
	const visitor = await openShop([])
	const p = visitor.page
	await p.locator('.card input[autocomplete=name]').fill('李先生')
	await p.getByRole('button', { name: '发送语音' }).click()
	await p.getByRole('alert').filter({ hasText: '无法使用麦克风' }).waitFor()
	await write(p, `打字${Date.now()}`)
	await visitor.close()
})

test('in her own pages she speaks and hears it, and the desk answers by voice', async () => {
	const phone = await openPhone(browser)
	await phone.context.grantPermissions(['microphone'], { origin: process.env.ANXIN_URL })
	await signIn(phone, newNumber())
	const p = phone.page
	await p.getByRole('link', { name: /在线咨询/ }).click()
	await p.locator('.hello').waitFor()
	await p.getByRole('button', { name: '发送语音' }).click()
	await recorded(p, '.speak [role=timer]', 3)
	await p.getByRole('button', { name: '完成' }).click()
	await p.locator('.speak .voice').click()
	await p.locator('.speak .voice[aria-pressed=true]').waitFor()
	assert.deepEqual(await axe(p), [])
	assert.deepEqual(await smallTargets(p), [])
	assert.equal(await isWide(p), false)
	await until(() => p.locator('.go:not([aria-disabled=true])').count(), 'it is up')
	await p.locator('.go').click()
	const own = p.locator('.thread .voice')
	await own.waitFor()
	assert.match(await own.innerText(), /^[1-9]″$/)
	await own.click()
	await p.locator('.thread .voice[aria-pressed=true]').waitFor()

	const { id } = (await api('GET', '/conversation?sort=-created_at&limit=1')).items[0]
	const desk = await openContext(browser, { ...DESK, permissions: ['microphone'] })
	const d = desk.page
	await enterConsole(d)
	await d.goto(`${process.env.ANXIN_URL}/desk/${id}?of=queue`)
	await d.locator('.message [data-voice]').waitFor()
	await d.getByRole('button', { name: '录音' }).click()
	await recorded(d, '.say [role=timer]', 3)
	assert.deepEqual(await axe(d), [])
	await d.getByRole('button', { name: '取消' }).click()
	await d.getByRole('button', { name: '录音' }).click()
	await recorded(d, '.say [role=timer]', 3)
	await d.getByRole('button', { name: '完成' }).click()
	await d.locator('.say [data-voice]').click()
	await d.locator('.say [data-voice][aria-pressed=true]').waitFor()
	await d.locator('.say li.done').waitFor()
	await d.getByRole('button', { name: '发送', exact: true }).click()
	const hers = p.locator('.message:not(.own) .voice')
	await hers.waitFor()
	await hers.click()
	await p.locator('.message:not(.own) .voice[aria-pressed=true]').waitFor()
	await desk.close()
	await phone.close()
})
