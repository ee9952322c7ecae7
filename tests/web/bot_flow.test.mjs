/* On the phone: a fault is reported inside the talk, by pressing and by words, put right before it is filed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { atDesk, until } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { setSetting } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
before(() => setSetting('bot.receive', 'first'))
after(() => setSetting('bot.receive', null))

test('reported by slots, corrected, confirmed, and there under its number', async () => {
	const phone = await openPhone(page.context().browser())
	const theirs = phone.page.locator('.message:not(.own)')
	const answered = async (act) => {
		const n = await theirs.count()
		await act()
		await until(async () => await theirs.count() > n, 'an answer')
		return theirs.last().innerText()
	}
	const say = (words) => answered(async () => {
		await phone.page.locator('#talk-text').fill(words)
		await phone.page.keyboard.press('Enter')
	})
	const press = (words) => answered(() => phone.page.locator('.offer').filter({ hasText: words }).first().click())
	await signIn(phone, newNumber())
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	await phone.page.locator('.hello').waitFor()
	assert.match(await say('我要预约'), /哪项服务/)
	assert.match(await press('上门安装'), /哪台产品/)
	assert.match(await press('空调'), /送到/)
	assert.match(await press('是'), /哪一天/)
	assert.match(await say('2月30号'), /没有这一天/)
	assert.deepEqual(await axe(phone.page), [])
	assert.equal(await isWide(phone.page), false)
	assert.match(await say('后天下午'), /地址/)
	assert.match(await say('阳光花园8栋1单元301'), /请确认[^]*上门安装[^]*下午/)
	assert.match(await say('时段改成上午'), /希望时段：上午/)
	assert.match(await press('确认提交'), /服务单号 SR[^]*还不是最终安排/)
	await phone.close()
})
