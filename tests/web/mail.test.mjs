/* A mailbox set up by mouse; a customer writes, an agent answers at the desk, her mailbox has the answer, and what she writes to that goes on in the
 * same conversation. Real Dovecot and Postfix. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startMail } from './mail_world.mjs'
import { startServer } from './tools.mjs'

const post = await startMail()
const skip = post.missing
const server = skip ? null : await startServer()
if (server) {
	process.env.ANXIN_URL = server.url
	process.env.ANXIN_ACCOUNTS = server.accounts
}
const { atDesk, until } = await import('./desk.mjs')
const { axe, isWide } = await import('./page.mjs')
const { setSetting } = await import('./staff.mjs')

let page
if (!skip) atDesk((opened) => { page = opened })
after(async () => {
	await server?.end()
	await post.end()
})
const stamp = Date.now()
const help = `help${stamp}@${post.domain}`
const home = `home${stamp}@${post.domain}`

test('a mailbox is set up, and a try says what is wrong until nothing is', { skip }, async () => {
	await setSetting('mail.gather', 0)
	await page.goto(`${server.url}/mail_account/new`)
	await page.getByRole('button', { name: '自建邮件服务器', exact: true }).click()
	await page.getByLabel('邮箱地址', { exact: true }).fill(help)
	for (const [way, protocol, port] of [['收信', 'IMAP', post.imap_port], ['发信', 'SMTP', post.smtp_port]]) {
		await page.getByLabel(`${way}服务器（${protocol}）`, { exact: true }).fill('127.0.0.1')
		await page.getByLabel(`${way}端口`, { exact: true }).fill(String(port))
		await page.getByLabel(`${way}加密`, { exact: true }).selectOption('none')
	}
	await page.getByLabel('状态', { exact: true }).selectOption('on')
	await page.getByLabel('密码', { exact: true }).fill('wrong')
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.waitForURL(/\/mail_account\/\d+$/)
	await page.getByRole('button', { name: '测试', exact: true }).click()
	await page.locator('.checks .bad', { hasText: '登录' }).first().waitFor()
	await page.getByLabel('密码', { exact: true }).fill(post.password)
	await page.getByRole('button', { name: '保存密码' }).click()
	await page.getByText('只能替换，不能查看').waitFor()
	await page.locator('.checks').waitFor({ state: 'detached' }) // what was said of the password before is no longer true
	await page.getByRole('button', { name: '测试', exact: true }).click()
	await page.getByText('收信正常').waitFor()
	await page.getByText('发信正常').waitFor()
	assert.equal(await page.locator('.checks .bad').count(), 0)
	assert.deepEqual(await axe(page), [])
})

test('she writes, is answered, and answers in the same thread', { skip }, async () => {
	const words = `邮件${stamp}`
	await post.ask({ do: 'send', from: home, to: help, subject: `洗衣机不转 ${words}`, text: `按了启动没有反应 ${words}` })
	await page.goto(`${server.url}/desk?of=queue`)
	await page.locator('a.row', { hasText: home }).or(page.locator('a.row', { hasText: words })).first().click({ timeout: 60_000 })
	await page.locator('.bubble', { hasText: words }).waitFor()
	await page.getByText(`主题：洗衣机不转 ${words}`).waitFor()
	await page.getByText('客户会收到邮件', { exact: true }).waitFor()
	await page.locator('.say textarea').fill('请先断电再通电试一次')
	await page.keyboard.press('Enter')
	await page.locator('.message.own', { hasText: '请先断电' }).waitFor()
	const inbox = () => post.ask({ do: 'mails', of: home })
	const mail = await until(async () => (await inbox())[0], 'the answer is in her box')
	assert.match(mail.text, /请先断电再通电试一次/)
	assert.ok(mail.html && mail.from.includes(help) && mail.answers, JSON.stringify(mail))
	assert.match(mail.subject, new RegExp(words))
	await post.ask({ do: 'send', from: home, to: help, subject: `回复: ${mail.subject}`, answers: mail.id, text: `好了，谢谢\n\n在 2026年11月30日，安心电器 写道：\n> 请先断电再通电试一次\n` })
	await page.locator('.message:not(.own) .bubble', { hasText: '好了，谢谢' }).waitFor({ timeout: 60_000 })
	assert.equal(await page.locator('.bubble', { hasText: '写道' }).count(), 0)
	await page.getByRole('button', { name: '显示引用的原文' }).first().click()
	await page.locator('.quoted', { hasText: '请先断电再通电试一次' }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
})
