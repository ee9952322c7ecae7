/* Danger by WeChat and by mail: what to do at once on that channel, a critical ticket over every page until somebody takes it, whoever has her hears of it, and her message
   is marked. With the bot, with an agent, and by mail, which nobody may open for hours. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMail } from './mail_world.mjs'
import { startServer } from './tools.mjs'
import { follower, openAccount, startWeChat } from './wechat_world.mjs'

const wechat = await startWeChat()
const post = await startMail()
const server = await startServer(undefined, { more: ['--sms-gateway', wechat.sms] })
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
const { bubble } = await import('./chat.mjs')
const { atDesk, until } = await import('./desk.mjs')
const { openMailbox } = await import('./mail_world.mjs')
const { axe, DESK, isWide, openContext } = await import('./page.mjs')
const { accountOf, api, at, enterConsole, setSetting, takeAllCritical } = await import('./staff.mjs')

let boss, account
atDesk((opened) => { boss = opened })
before(async () => {
	account = await openAccount(wechat)
	await takeAllCritical()
})
after(async () => {
	await server.end()
	await post.end()
	wechat.end()
})

const banner = () => boss.getByRole('region', { name: '特急服务单' }).getByRole('alert')
const newest = async (channel) => (await api('GET', `/conversation?condition=${encodeURIComponent(`channel = ${channel}`)}&sort=-created_at&limit=1`)).items[0]
const alarmOf = (channel) => until(async () => {
	const { ticket_id: id } = await newest(channel)
	return id && id !== '0' && api('GET', `/ticket/${id}`)
}, 'a ticket')

/* It stands wherever she goes, and goes with the one click that takes it. */
async function takeFromBanner(ticket) {
	for (const page of ['/customer', '/device', '/desk']) {
		await boss.goto(at(page))
		await banner().getByText(new RegExp(`特急：${ticket.no}.*还没有人受理`)).waitFor()
	}
	assert.deepEqual(await axe(boss), [])
	await banner().getByRole('link', { name: '去受理' }).click()
	await boss.waitForURL(new RegExp(`/ticket/${ticket.id}$`))
	await boss.getByRole('button', { name: '受理', exact: true }).click()
	await banner().getByText(ticket.no).waitFor({ state: 'detached' })
}
const isMarked = (page, words) => page.locator('.message.endangered', { hasText: words }).getByText('可能有危险').waitFor()

test('by WeChat to the bot: told what to do, a person is called, and the supervisor over every page', async () => {
	await setSetting('bot.receive', 'first')
	await boss.goto(at('/customer'))
	const she = follower(wechat, account.callback)
	await she.write('插座冒烟了，有烧焦的味道')
	await until(async () => (await she.sent()).some((text) => text.includes('先断电') && text.includes('119')), 'what to do at once')
	const ticket = await alarmOf('wechat')
	assert.deepEqual([ticket.grade, ticket.scene, ticket.channel, ticket.state], ['critical', 'emergency', 'wechat', 'new'])
	await banner().getByText(ticket.no).waitFor()        // where she was, with nothing pressed

	await boss.goto(at(`/desk/${(await newest('wechat')).id}?of=queue`))
	await isMarked(boss, '插座冒烟了')
	await boss.locator('.message.internal', { hasText: '可能有危险（HO-04）' }).waitFor()
	await boss.getByRole('link', { name: new RegExp(`服务单 ${ticket.no}`) }).waitFor()
	assert.deepEqual(await axe(boss), [])
	await takeFromBanner(ticket)
	await setSetting('bot.receive', null)
})

test('by WeChat to an agent who has her: told at once, he hears of it elsewhere, and an ordinary ticket is not enough', async () => {
	const desk = await openContext(boss.context().browser(), DESK), page = desk.page
	await enterConsole(page, accountOf('linxiao'))
	const he = follower(wechat, account.callback)
	await he.write('热水器怎么调温度')
	await page.goto(at(`/desk/${(await until(async () => { const k = await newest('wechat'); return k.last_words.includes('调温度') && k }, 'it came')).id}?of=queue`))
	await bubble(page, '调温度').waitFor()
	await page.locator('.say textarea').fill('您好，按上下键')
	await page.keyboard.press('Enter')
	await page.locator('.message.own', { hasText: '已送达微信' }).waitFor()
	await page.getByRole('button', { name: '生成服务单' }).click()
	await page.getByRole('link', { name: /服务单 SR/ }).waitFor()
	const talk = page.url(), { ticket_id: ordinary } = await newest('wechat')

	await page.goto(at('/knowledge'))
	await he.write('不对，热水器漏电，摸着麻手')
	await until(async () => (await he.sent()).some((text) => text.includes('别再碰机器')), 'what to do at once')
	await page.getByRole('button', { name: /^通知/ }).click()
	await page.getByText(/客户可能有危险，请马上处理/).first().waitFor()
	await page.keyboard.press('Escape')
	const ticket = await until(async () => { const one = await alarmOf('wechat'); return one.id !== ordinary && one }, 'one of its own')
	assert.deepEqual([ticket.grade, ticket.scene], ['critical', 'emergency'])
	await page.goto(talk)
	await isMarked(page, '漏电')
	assert.equal(await page.locator('.message.endangered').count(), 1)
	await page.locator('.message.internal', { hasText: `已生成特急服务单 ${ticket.no}，并已发出安全提示` }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)

	await he.write('还在冒火花，漏电很厉害')
	await page.locator('.message.endangered', { hasText: '冒火花' }).waitFor()
	assert.equal((await he.sent()).filter((text) => text.includes('119') || text.includes('120')).length, 1, 'not said twice: WeChat counts')
	await desk.close()
	await takeFromBanner(ticket)
})

test('by mail: the answer comes at once, and the ticket does not wait for somebody to open the box', { skip: post.missing }, async () => {
	const stamp = Date.now(), help = `help${stamp}@${post.domain}`, home = `home${stamp}@${post.domain}`
	await openMailbox(post, help)
	await post.ask({ do: 'send', from: home, to: help, subject: `厨房有很大的煤气味 ${stamp}`, text: '请尽快回电' })
	await banner().getByText(`煤气味 ${stamp}`).waitFor({ timeout: 60_000 })
	const ticket = await alarmOf('mail')
	assert.deepEqual([ticket.grade, ticket.channel], ['critical', 'mail'])
	const mail = await until(async () => (await post.ask({ do: 'mails', of: home }))[0], 'the answer is in her box')
	assert.match(mail.text, /别开关任何电器和灯[^]*打开门窗/)
	await boss.goto(at(`/desk/${(await newest('mail')).id}?of=queue`))
	await isMarked(boss, '请尽快回电')
	await boss.locator('.message.internal', { hasText: `已生成特急服务单 ${ticket.no}` }).waitFor()
	assert.deepEqual(await axe(boss), [])
	await takeFromBanner(ticket)
})
