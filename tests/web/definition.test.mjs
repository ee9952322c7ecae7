/* Calendars, measures and policies made in the console: by mouse from an example, in order by keyboard, taken back by their history. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at } from './staff.mjs'

let page
const stamp = String(Date.now() % 1_000_000)
atDesk((opened) => { page = opened })

const go = (path) => page.goto(at(path))
const button = (name) => page.getByRole('button', { name, exact: true })
const made = (record) => page.waitForURL(new RegExp(`/${record}/\\d+$`))
const idOf = () => new URL(page.url()).pathname.split('/').pop()

/* From one share of the day to another on the bar of a day. */
async function draw(day, from, to) {
	const box = await page.getByRole('group', { name: day, exact: true }).locator('.track').boundingBox()
	const y = box.y + box.height / 2
	await page.mouse.move(box.x + box.width * (from / 24), y)
	await page.mouse.down()
	await page.mouse.move(box.x + box.width * (to / 24), y, { steps: 4 })
	await page.mouse.up()
}

/* Of the next one. */
function monthOfSpringFestival() {
	const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'Asia/Shanghai' })
	const day = new Date()
	while (lunar.formatToParts(day).filter((p) => p.type !== 'literal').map((p) => p.value).join('/') !== '1/1') day.setDate(day.getDate() + 1)
	return day.toISOString().slice(0, 7)
}

test('a calendar by mouse: an example, a second interval, holidays, the month, a day that differs, back by its history', async () => {
	await go('/calendar/new')
	await button('办公时间 5×8').click()
	await page.getByLabel('编号').fill(`k${stamp}`)
	await page.getByLabel('名称', { exact: true }).fill(`夜班 ${stamp}`)
	await draw('周六', 9, 12)
	await draw('周六', 14, 18)
	await page.getByRole('group', { name: '周六', exact: true }).getByRole('textbox').or(page.getByLabel('周六 第 2 段开始')).first().waitFor()
	assert.equal(await page.getByLabel('周六 第 1 段结束').inputValue(), '12:00')
	assert.equal(await page.getByLabel('周六 第 2 段开始').inputValue(), '14:00')
	const month = page.getByRole('region', { name: '按月预览' })
	await month.locator('td', { hasText: '14:00–18:00' }).first().waitFor()
	const spring = monthOfSpringFestival()
	while ((await month.getByRole('status').innerText()) !== spring) await button('下个月').click()
	await month.locator('td.provisional', { hasText: '春节' }).first().waitFor()
	await page.getByRole('checkbox', { name: '中国法定节假日与调休' }).uncheck()
	await month.locator('td.provisional').first().waitFor({ state: 'detached' })
	await page.getByRole('checkbox', { name: '中国法定节假日与调休' }).check()
	assert.deepEqual(await axe(page), [])
	await button('保存').click()
	await made('calendar')
	const kept = await api('GET', `/calendar/${idOf()}`)
	assert.deepEqual(kept.form.week, [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], hours: ['09:00-12:00', '13:00-18:00'] }, { days: ['sat'], hours: ['09:00-12:00', '14:00-18:00'] }])
	assert.deepEqual(kept.form.holidays, ['china'])

	await button('加一天').click()
	await page.getByLabel('日期').last().fill('2027-03-01')
	await page.getByLabel('原因').last().fill('盘点')
	await button('保存').click()
	await page.getByText('已保存').waitFor()
	assert.equal((await api('GET', `/calendar/${idOf()}`)).form.days[0].name.zh, '盘点')
	await button('变更历史').click()
	await page.getByRole('dialog').getByRole('button', { name: '恢复到此前' }).first().click()
	await button('保存').click()
	await page.waitForFunction(() => [...document.querySelectorAll('button')].find((b) => b.textContent.trim() === '保存')?.disabled)
	assert.deepEqual((await api('GET', `/calendar/${idOf()}`)).form.days, [])
})

test('an iCalendar file is read, its faults named by line, its days taken over', async () => {
	const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:a', 'SUMMARY:厂休', 'DTSTART;VALUE=DATE:20270816', 'DTEND;VALUE=DATE:20270819', 'END:VEVENT', 'BEGIN:VEVENT', 'UID:b', 'DTSTART;VALUE=DATE:2027', 'END:VEVENT', 'END:VCALENDAR']
	await page.locator('input[type=file]').setInputFiles({ name: 'off.ics', mimeType: 'text/calendar', buffer: Buffer.from(`${lines.join('\r\n')}\r\n`) })
	await page.getByText('得到 3 天').waitFor()
	await page.getByText(/第 (9|11) 行：/).waitFor()
	assert.deepEqual(await axe(page), [])
	await button('加入 3 天').click()
	await button('保存').click()
	await page.getByText('已保存').waitFor()
	const { form } = await api('GET', `/calendar/${idOf()}`)
	assert.deepEqual(form.days.map((d) => `${d.day} ${d.kind}`), ['2027-08-16 closed', '2027-08-17 closed', '2027-08-18 closed'])
})

test('a measure and a policy of it by mouse, and the policy promises it', async () => {
	await go('/clock_measure/new')
	await button('多久指派').click()
	await page.getByLabel('指标编号').fill(`m${stamp}`)
	assert.deepEqual(await axe(page), [])
	await button('保存').click()
	await made('clock_measure')
	const measure = await api('GET', `/clock_measure/${idOf()}`)
	assert.equal(measure.run_when, 'owner_id is none')

	await go('/clock_policy/new')
	await button('投诉 3 天闭环').click()
	await page.getByLabel('指标', { exact: true }).selectOption(`m${stamp}`)
	await page.getByLabel('目标', { exact: true }).fill('30')
	await page.getByLabel('单位', { exact: true }).last().selectOption('min')
	await page.getByLabel('日历', { exact: true }).selectOption({ label: '服务热线 7×12' })
	await button('加一步').click()
	await page.getByText(/符合 \d/).waitFor()
	assert.deepEqual(await axe(page), [])
	await button('保存').click()
	await made('clock_policy')
	const policy = await api('GET', `/clock_policy/${idOf()}`)
	assert.deepEqual([policy.measure, policy.condition, policy.target_minutes, policy.ladder.map((s) => s.percent)], [`m${stamp}`, 'scene = complaint', 30, [75, 100, 150]])
	const customer = await api('POST', '/customer', { name: '投诉的人', phone: `136${String(Date.now()).slice(-8)}` })
	const ticket = await api('POST', '/ticket', { scene: 'complaint', customer_id: customer.id, text: '三次上门没有修好' })
	const { items } = await api('GET', `/clock?object=ticket&object_id=${ticket.id}`)
	assert.equal(items.find((c) => c.measure === `m${stamp}`).target_ms, 30 * 60_000)
	await button('归档').click()
	await button('恢复').waitFor()
})

test('policies are put in order by keyboard, and back', async () => {
	await go('/clock_policy')
	const group = page.locator('section', { hasText: '解决' }).filter({ has: page.getByRole('heading', { name: '解决', exact: true }) })
	const order = () => group.locator('.name').allInnerTexts()
	await group.locator('[data-policy]').first().waitFor()
	assert.deepEqual(await axe(page), [])
	const before = await order()
	await group.locator('[data-policy]').nth(1).focus()
	await page.keyboard.press('Alt+ArrowUp')
	await page.getByText('已改次序').waitFor()
	assert.deepEqual(await order(), [before[1], before[0], ...before.slice(2)])
	const kept = (await api('GET', '/clock_policy?sort=place&limit=100')).items.filter((p) => p.measure === 'solution').map((p) => p.name)
	assert.deepEqual(kept, await order())
	await button('撤销').click()
	await page.waitForFunction((was) => [...document.querySelectorAll('.name')].some((n, i, all) => n.innerText === was[0] && all[i + 1]?.innerText === was[1]), before)
	assert.deepEqual(await order(), before)
})
