/* Trials of understanding and gaps: a set from a file, tried, what was confused given to its article and tried again, compared; what the bot left to people added, dismissed, taken back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, giveFile, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { api, at, setSetting } from './staff.mjs'

let page
const stamp = String(Date.now() % 1_000_000)
atDesk((opened) => { page = opened })
const go = (path) => page.goto(at(path))
const button = (name) => page.getByRole('button', { name, exact: true })
const words = `大铁皮盒子淌哈喇子${stamp}`
const trials = async () => {
	const set = (await api('GET', '/question_set?limit=100')).items.find((s) => s.name === `题集 ${stamp}`)
	return (await api('GET', `/evaluation?limit=20&sort=-created_at&condition=${encodeURIComponent(`set_id = ${set.id}`)}`)).items
}
/* Learning takes a while with sanitizers. */
async function done(n) {
	for (let more = 12; ; more--) try { return await until(async () => (await trials()).filter((one) => one.state === 'done').length === n, 'a trial ends') } catch (error) { if (!more) throw error }
}

test('a set is made from a file, tried, and shows what was confused', async () => {
	await go('/knowledge')
	await page.getByRole('link', { name: '问答评测', exact: true }).click()
	await page.waitForURL('**/knowledge/evaluation')
	await page.getByLabel('新题集的名称').fill(`题集 ${stamp}`)
	await button('新建题集').click()
	await button('导入 CSV').waitFor()
	await button('导入 CSV').focus()
	await giveFile(page, { name: 'lines.csv', mimeType: 'text/csv', buffer: Buffer.from(`问题,应答文章\n${words},A02\n空调漏水怎么处理,A02\n今天股票涨了吗,OOS\n只有问题`) })
	await page.getByText('第 5 行缺问题或编号').waitFor()
	await page.getByText('加入了 3 题').waitFor()
	await button('开始评测').click()
	await done(1)
	const confused = page.getByRole('region', { name: '逐题结果' })
	await confused.getByText(words).waitFor()
	await page.getByRole('region', { name: '按产品' }).waitFor()
	assert.deepEqual(await axe(page), [])
})

test('what was confused becomes a phrasing by one click, can be undone, and the next trial is better', async () => {
	const confused = page.getByRole('region', { name: '逐题结果' })
	const said = async () => (await api('GET', '/knowledge/entry/A02')).phrasings.some((p) => p.text === words)
	await confused.getByRole('button', { name: '作为相似问法添加' }).first().click()
	await until(said)
	await button('撤销').click()
	await until(async () => !(await said()))
	await confused.getByRole('button', { name: '作为相似问法添加' }).first().click()
	await until(said)
	await button('开始评测').click()
	await done(2)
	await page.getByText('没有答错的题').waitFor()
	const compare = page.getByRole('region', { name: '与另一次比较' })
	await compare.getByLabel('选择要比较的一次').selectOption({ index: 1 })
	await compare.getByText('变好').waitFor()
	const weeks = page.getByRole('region', { name: '每周准确率' })
	await weeks.getByRole('button', { name: '评测', exact: true }).click()
	await weeks.getByRole('row', { name: /^全部产品.*100% \(2\)/ }).waitFor()
	assert.deepEqual(await axe(page), [])
})

test('gaps are added to an article, dismissed and taken back', async () => {
	await setSetting('bot.receive', 'first')
	const gap = async (text, state = 'open') => (await api('GET', `/gap?state=${state}`)).items.find((g) => g.questions.some((q) => q.text.includes(text)))
	const [one, other] = [`呜啦啦噜 ${stamp}`, `咿呀嘿哟 ${stamp}`]
	const phone = await openPhone(page.context().browser())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	await phone.page.locator('.hello').waitFor()
	for (const text of [one, other]) {
		const before = await phone.page.locator('.message:not(.own)').count()
		await phone.page.locator('#talk-text').fill(text)
		await phone.page.keyboard.press('Enter')
		await until(async () => await phone.page.locator('.message:not(.own)').count() > before, 'an answer')
	}
	await phone.close()
	await until(async () => (await gap(one)) && (await gap(other)))
	await go('/knowledge/gaps')
	const row = (text) => page.getByRole('listitem').filter({ hasText: text }).first()
	await row(one).getByRole('button', { name: '加到已有文章' }).click()
	await row(one).getByLabel('加到哪一篇（按内容查找，点一下加入）').fill('空调漏水')
	await row(one).getByRole('button', { name: /A02/ }).click()
	await until(async () => (await gap(one, 'added'))?.article === 'A02')
	await button('撤销').click()
	await until(async () => gap(one))
	await row(other).getByRole('button', { name: '忽略' }).click()
	await until(async () => gap(other, 'dismissed'))
	await button('已忽略').click()
	await row(other).getByRole('button', { name: '恢复为待处理' }).click()
	await until(async () => gap(other))
	assert.deepEqual(await axe(page), [])
	await setSetting('bot.receive', null)
})

test('both pages hold on a phone and in the dark', async () => {
	await page.emulateMedia({ colorScheme: 'dark' })
	await page.setViewportSize({ width: 390, height: 844 })
	for (const [path, ready] of [['/knowledge/evaluation', '.chosen'], ['/knowledge/gaps', '.list > li']]) {
		await go(path)
		await page.locator(ready).first().waitFor()
		assert.equal(await isWide(page), false, path)
		assert.deepEqual(await axe(page), [], path)
	}
	await page.setViewportSize({ width: 1440, height: 900 })
	await page.emulateMedia({ colorScheme: null })
})
