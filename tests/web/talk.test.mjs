/* A customer writes on her phone, an agent takes it at the desk; both see the same, live, over a cut line, and in each theme and width. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bubble } from './chat.mjs'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { api } from './staff.mjs'

/* A grey picture of one dot. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64')
let page
atDesk((opened) => { page = opened })

async function write(phone, text) {
	await phone.page.locator('#talk-text').fill(text)
	await phone.page.keyboard.press('Enter')
	await bubble(phone.page, text).waitFor()
}

test('from her first words to the end of it', async () => {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	await phone.page.locator('.hello').waitFor()
	assert.deepEqual(await axe(phone.page), [])
	const stamp = `结冰${Date.now()}`
	await write(phone, `冰箱冷藏室里面${stamp}`)
	await phone.page.getByText('正在为您接入客服').waitFor()

	await page.goto(`${process.env.ANXIN_URL}/desk?of=queue`)
	const row = page.locator('a.row', { hasText: stamp })
	await row.click()
	await page.waitForURL(/\/desk\/\d+/)
	await bubble(page, stamp).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.locator('.say textarea').fill('您好，屏上有 E 开头的代码吗？')
	await page.keyboard.press('Enter')
	await bubble(phone.page, 'E 开头').waitFor()
	await phone.page.getByText('客服正在和您沟通').waitFor()
	await page.locator('.message.own', { hasText: '已读' }).waitFor()

	/* It is said every two seconds at the most, so she may have to go on. */
	await until(async () => {
		await page.locator('.say textarea').pressSequentially('请')
		return phone.page.getByText('正在输入…').isVisible()
	}, 'that somebody is typing')
	await phone.page.getByText('客服正在和您沟通').waitFor() // what nobody goes on with is not said for ever
	await phone.page.locator('#talk-text').pressSequentially('没')
	await page.locator('.say').getByText('正在输入').waitFor()
	await page.locator('.say textarea').fill('')

	await phone.context.setOffline(true)
	await phone.page.locator('#talk-text').fill('没有代码')
	await phone.page.keyboard.press('Enter')
	await phone.page.getByText('发送中').waitFor()
	await phone.context.setOffline(false)
	await bubble(page, '没有代码').waitFor()
	await phone.page.locator('.waiting').waitFor({ state: 'detached' })
	assert.equal(await page.locator('.bubble', { hasText: '没有代码' }).count(), 1)

	await phone.page.getByRole('button', { name: '图片和视频' }).click()
	await phone.page.locator('.photos input[type=file]').setInputFiles({ name: '屏.png', mimeType: 'image/png', buffer: PICTURE })
	await until(() => phone.page.locator('.go:not([aria-disabled=true])').count(), 'the picture is up')
	await phone.page.locator('.go').click()
	await phone.page.locator('.thread .file img').waitFor()
	await page.locator('.message .files img').waitFor()

	await page.getByRole('button', { name: '内部备注' }).click()
	await page.locator('.say textarea').fill('疑似风门卡住')
	await page.keyboard.press('Enter')
	await page.locator('.message.internal', { hasText: '风门' }).waitFor()
	await page.getByRole('button', { name: '结束会话' }).click()
	await phone.page.getByText('本次咨询已结束').waitFor()
	assert.equal(await phone.page.locator('.bubble', { hasText: '风门' }).count(), 0)
	assert.deepEqual(await phone.page.locator('.bubble').allInnerTexts(), [`冰箱冷藏室里面${stamp}`, '您好，屏上有 E 开头的代码吗？', '没有代码'])
	assert.equal(await isWide(phone.page), false)
	await phone.page.getByText('4 分', { exact: true }).locator('..').click()
	await phone.page.getByLabel('还想说点什么').fill('回复很快')
	assert.deepEqual(await axe(phone.page), [])
	await phone.page.getByRole('button', { name: '提交评价' }).click()
	await phone.page.getByText('您的评价：4 分').waitFor()
	await page.locator('.rating', { hasText: '回复很快' }).waitFor()
	await page.getByRole('button', { name: /已完成的 \d+ 项/ }).press('Enter')
	await page.waitForFunction(() => document.activeElement?.classList.contains('met'))
	assert.ok(await page.locator('.side .clock').count() > 1)
	await write(phone, '还有一件事')
	await phone.page.getByText('正在为您接入客服').waitFor()
	await phone.close()
})

test('the desk is narrow on a phone and dark at night', async () => {
	const { id } = await api('POST', '/customer', { name: '周婷', phone: newNumber() })
	assert.ok(id)
	await page.emulateMedia({ colorScheme: 'dark' })
	await page.setViewportSize({ width: 390, height: 844 })
	await page.goto(`${process.env.ANXIN_URL}/desk`)
	await page.getByRole('tab', { name: /我的/ }).waitFor()
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)
	await page.locator('a.row').first().click()
	await page.locator('.log').waitFor()
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)
	await page.setViewportSize({ width: 1440, height: 900 })
	await page.emulateMedia({ colorScheme: 'light' })
})

test('a conversation is taken, answered and left by keyboard', async () => {
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.go('/talk')
	await phone.page.locator('.hello').waitFor()
	await write(phone, '键盘上的人')
	const waiting = async () => (await api('GET', '/conversation?filter=' + encodeURIComponent(JSON.stringify([['state', '=', 'waiting']])) + '&limit=100')).items.find((k) => k.last_words === '键盘上的人')
	const { id } = await until(waiting, 'it waits')
	await page.goto(`${process.env.ANXIN_URL}/desk/${id}?of=queue`)
	await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
	await page.keyboard.type('在的')
	await page.keyboard.press('Enter')
	await bubble(phone.page, '在的').waitFor()
	assert.equal((await api('GET', `/conversation/${id}`)).state, 'active')
	await page.getByRole('button', { name: '内部备注' }).click()
	await page.keyboard.type('只给同事看的半句')
	await page.reload()
	await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
	assert.equal(await page.getByRole('button', { name: '内部备注' }).getAttribute('aria-pressed'), 'true')
	assert.equal(await page.locator('.say textarea').inputValue(), '只给同事看的半句')
	await phone.close()
})
