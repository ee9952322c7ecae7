/* A supervisor plans a week with the mouse: pattern, own hours over midnight, a second one refused in words, copied from last week, a gap seen; then a
 * break said in the bar, seen on the wall. Looked at by axe, wide and as narrow as a phone, light and dark. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, openContext, PHONE } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

const DAY = 86_400_000
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const dayText = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
const monday = () => { const day = Math.floor((Date.now() + 8 * 3_600_000) / DAY); return (day - ((day + 3) % 7)) * DAY }

async function teamOf(people) {
	const word = Math.random().toString(36).slice(2, 8)
	const calendar = await api('POST', '/calendar', { code: `d${word}`, name: `热线 ${word}`, form: { name: { zh: '热线', en: 'Hotline' }, zone: 'Asia/Shanghai', week: [{ days: WEEKDAYS, hours: ['08:30-17:30'] }] } })
	const team = await api('POST', '/team', { name: `值班组 ${word}`, calendar_id: calendar.id })
	const role = (await api('GET', '/role?limit=50')).items.find((r) => r.code === 'agent')
	const users = []
	for (const name of people) users.push(await api('POST', '/user', { account: `${word}${users.length}`, name, role_id: role.id, team_id: team.id }))
	return { team, users }
}

test('a week is planned by mouse, and who is on a break is on the wall', async () => {
	const { team, users } = await teamOf(['林晓', '陈立'])
	const first = dayText(monday())
	for (let n = 0; n < 5; n++) await api('POST', '/shift', { user_id: users[0].id, day: dayText(monday() + (n - 7) * DAY), hours: '08:30-17:30' })
	const desk = await openContext(browser, DESK)
	const { page } = desk
	await enterConsole(page)
	await page.goto(at(`/duty?team=${team.id}&week=${first}`))
	await page.getByText('无人在岗').first().waitFor()
	await page.getByRole('button', { name: '复制上周' }).click()
	await page.getByText('已排 5 个班次').waitFor()
	const row = page.getByRole('row', { name: /陈立/ })
	await row.getByRole('button', { name: /给陈立排/ }).first().click()
	await page.getByRole('dialog').getByRole('button', { name: /夜班/ }).click()
	await row.getByRole('button', { name: /夜班 22:00–08:00/ }).waitFor()
	await row.getByRole('button', { name: /给陈立排/ }).nth(1).click()
	await page.getByLabel('时段').fill('07:00-12:00')
	await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
	await page.getByText(/与这位员工已有的安排重叠/).waitFor()
	await page.getByLabel('时段').fill('09:00-12:00')
	await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
	await row.getByRole('button', { name: '09:00–12:00' }).waitFor()
	await page.getByText('本周有 2 段服务时间无人在岗').waitFor()
	assert.deepEqual(await axe(page), [])

	/* Of another supervisor, while the page is open. */
	await api('POST', '/shift', { user_id: users[1].id, day: dayText(monday() + 5 * DAY), hours: '08:30-17:30' })
	await page.getByText('本周有 1 段服务时间无人在岗').waitFor()

	await page.getByRole('button', { name: /^在岗状态/ }).click()
	await page.getByRole('button', { name: /小休：用餐/ }).click()
	await page.getByRole('button', { name: /^在岗状态： ?用餐/ }).waitFor()
	await page.goto(at('/wall'))
	const part = page.getByRole('region', { name: '人员在岗' })
	await part.locator('li', { hasText: '用餐' }).waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: /^在岗状态/ }).click()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '在岗', exact: true }).click()
	await page.getByRole('button', { name: /^在岗状态： ?在岗/ }).waitFor()
	await desk.close()

	const phone = await openContext(browser, { ...PHONE, colorScheme: 'dark' })
	await enterConsole(phone.page)
	await phone.page.goto(at(`/duty?team=${team.id}&week=${first}`))
	await phone.page.getByRole('row', { name: /林晓/ }).waitFor()
	assert.deepEqual(await axe(phone.page), [])
	await phone.page.goto(at('/duty/mine'))
	await phone.page.getByText('没有排给你的班次').waitFor()
	assert.deepEqual(await axe(phone.page), [])
	await phone.close()
})
