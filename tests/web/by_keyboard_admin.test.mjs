/* What administrators, supervisors and auditors set and look up, by keyboard alone. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { atKeys, made, newCustomer, newTicket, sitDown } from './keys.mjs'
import { until } from './desk.mjs'
import { accountOf, api, hire, setSetting } from './staff.mjs'

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
let page, keys, browser
atKeys((desk, opened) => { ({ page, keys } = desk); browser = opened })
after(() => setSetting('keep.customer', null))
const told = (condition) => encodeURIComponent(condition)

test('a setting is found by its name, changed and taken back', async () => {
	const value = async () => (await api('GET', '/setting/code.life')).value
	await keys.find('验证码有效时间', /验证码有效时间/)
	await page.waitForFunction(() => document.getElementById('setting-code.life')?.contains(document.activeElement))
	assert.equal(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true, 'the page scrolls below the bar, not with it')
	await keys.press('Control+a')
	await keys.write('20')
	await keys.press('Enter')
	await until(async () => (await value()) === 20, 'changed')
	await page.getByRole('button', { name: '撤销' }).waitFor()
	await keys.press('Alt+z') // from within the box: nobody tabs to a note that goes after eight seconds
	await until(async () => (await value()) === 10, 'taken back')
})

test('a time of retention is counted, changed and taken back', async () => {
	const value = async () => (await api('GET', '/setting/keep.customer')).value
	await keys.go('/retention')
	await keys.pick('不再往来的客户', '5 年')
	await keys.choose('保存')
	await keys.dialog()
	await page.getByText('按这个期限，现在没有到期的内容').waitFor()
	await keys.choose('更改期限')
	await until(async () => (await value()) === '5_years', 'changed')
	await keys.choose('撤销')
	await until(async () => (await value()) === 'kept', 'taken back')
})

test('a field of one\'s own is made, filled on a ticket, and asked for', async () => {
	const name = `键盘位置 ${stamp}`
	await keys.go('/custom_field/new')
	await keys.type('名称', name)
	await keys.choose('单选')
	for (const [n, word] of ['厨房', '阳台'].entries()) {
		await keys.choose('加一个选项')
		await keys.type(`选项 ${n + 1}`, word)
	}
	await keys.press('Control+Enter')
	const field = await made(page, 'custom_field')
	const ticket = await newTicket(`在阳台 ${stamp}`)
	await keys.go(`/ticket/${ticket.id}`)
	await keys.choose('编辑')
	await keys.dialog()
	await keys.pick(new RegExp(`^${name}`), '阳台')
	await keys.press('Control+Enter')
	await until(async () => (await api('GET', `/ticket/${ticket.id}`))[`x_${field.code}`] === 'c2', 'filled')
	await keys.go(`/ticket?condition=${told('created_at > 2020-01-01')}`)
	await page.locator('tbody tr').first().waitFor()
	await keys.press('/')
	await page.waitForFunction(() => document.activeElement.tagName === 'SELECT')
	await keys.pick('字段', name)
	await keys.mark('阳台')
	await keys.press('Control+Enter')
	await page.locator('tbody tr', { hasText: ticket.no }).waitFor()
	await until(async () => await page.locator('tbody tr').count() === 1, 'no other')
	await api('POST', `/custom_field/${field.id}/archive`, { version: field.version })
})

test('a shift, a break, and who is there in the holidays', async () => {
	const team = await api('POST', '/team', { name: `键盘组 ${stamp}` })
	const role = (await api('GET', '/role?limit=50')).items.find((r) => r.code === 'agent')
	const people = []
	for (const n of ['甲', '乙']) people.push(await api('POST', '/user', { account: `shift_${stamp}_${people.length}`, name: `班${n}${stamp}`, role_id: role.id, team_id: team.id }))
	const of = (record, n) => api('GET', `/${record}?condition=${told(`user_id = ${people[n].id}`)}`).then(({ items }) => items)
	await keys.go(`/duty?team=${team.id}`)
	await keys.to(new RegExp(`^给${people[0].name}排`))
	await keys.press('ArrowRight', 'ArrowDown', 'Enter')
	await keys.dialog()
	await keys.choose({ name: /夜班/, within: '[role=dialog]' })
	await until(async () => (await of('shift', 1)).length === 1, 'planned')
	await page.getByRole('dialog').waitFor({ state: 'detached' })

	await keys.choose('登记请假')
	await page.waitForURL(/\/absence\/new/)
	await keys.type('员工', people[1].name)
	await keys.take(new RegExp(people[1].name))
	for (const [label, day] of [['开始', '10012027'], ['结束', '10032027']]) {
		await keys.to(label)
		await keys.write(day)
		await keys.press('ArrowRight')
		await keys.write('0900AM')
	}
	await keys.type(/^代班人/, people[0].name)
	await keys.take(new RegExp(people[0].name))
	await keys.press('Control+Enter')
	await until(async () => (await of('absence', 1))[0]?.cover_id === people[0].id, 'covered')

	await keys.choose(/^在岗状态/)
	await keys.dialog()
	await keys.choose(/^小休：用餐/)
	await page.getByRole('button', { name: /^在岗状态： ?用餐/ }).waitFor()
	await keys.choose(/^在岗状态/)
	await keys.dialog()
	await keys.choose('在岗')
	await page.getByRole('button', { name: /^在岗状态： ?在岗/ }).waitFor()
})

test('the language is changed and changed back; Ctrl K leads to a ticket, a customer, a setting, a page', async () => {
	const person = await hire(['ticket.read', 'customer.read', 'setting.read'])
	const hers = await sitDown(browser, person)
	const language = (name) => hers.page.waitForFunction((wanted) => document.documentElement.lang.startsWith(wanted), name)
	await hers.keys.choose(/白露/)
	await hers.keys.dialog()
	await hers.keys.choose('English')
	await language('en')
	await hers.keys.choose({ name: '中文', within: '[role=dialog]' })
	await language('zh')
	await hers.keys.press('Escape')
	const ticket = await newTicket(`哪里都找得到 ${stamp}`), { id } = await newCustomer(`找得到${stamp}`)
	await hers.keys.find(ticket.no, new RegExp(ticket.no))
	await hers.page.waitForURL(new RegExp(`/ticket/${ticket.id}$`))
	await hers.keys.find(`找得到${stamp}`, /^找/)
	await hers.page.waitForURL(new RegExp(`/customer/${id}$`))
	await hers.keys.find('验证码有效时间', /验证码有效时间/)
	await hers.page.waitForURL(/\/setting/)
	await hers.keys.find('个人设置', /个人设置/)
	await hers.page.waitForURL(/\/settings$/)
	await hers.close()
})

test('from a promise down to the row behind a missed one', async () => {
	await keys.press('g', 'n')
	await page.waitForURL(/\/promise/)
	await keys.choose('月')
	await page.waitForURL(/period=month/)
	await keys.choose('闭环率')
	await keys.dialog()
	await keys.choose({ name: '渠道', within: '[role=dialog]' })
	await keys.choose(/查看 .* 条未达/)
	await page.waitForURL(/\/ticket\?cell=/)
	await page.locator('tbody tr').first().waitFor()
	await keys.press('j', 'Enter')
	await page.waitForURL(/\/ticket\/\d+/)
})

test('what is listed is taken away as a sheet', async () => {
	await keys.go(`/customer?condition=${told('level = standard')}`)
	await page.locator('tbody tr').first().waitFor()
	await keys.choose('导出')
	const sheet = page.waitForEvent('download')
	await keys.choose('CSV')
	assert.match((await sheet).suggestedFilename(), /\.csv$/)
})

test('all that is held on a customer is handed out to her', async () => {
	const { id } = await newCustomer('周婷')
	await keys.go(`/customer/${id}`)
	await keys.choose('信息副本')
	await keys.dialog()
	await keys.choose('本人申请')
	const copy = page.waitForEvent('download')
	await keys.press('Control+Enter')
	assert.match((await copy).suggestedFilename(), /\.(json|zip)$/)
})

test('an auditor finds a change and reads it', async () => {
	const role = await api('POST', '/role', { code: `key${stamp}`, name: '巡检', permissions: ['ticket.read'], scope: 'own' })
	await api('PATCH', `/role/${role.id}`, { name: '巡检员', version: 1, reason: `岗位改名 ${stamp}` })
	const auditor = await sitDown(browser, accountOf('audit'))
	await auditor.page.waitForURL((at) => at.pathname === '/audit')
	await auditor.keys.type('搜索原因、用途', `岗位改名 ${stamp}`)
	await auditor.keys.press('Enter')
	await auditor.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
	await auditor.keys.choose({ css: 'tbody tr' })
	await auditor.keys.dialog()
	await auditor.page.getByRole('dialog').getByText('巡检员').first().waitFor()
	await auditor.keys.press('Escape')
	await auditor.page.waitForFunction(() => document.activeElement.matches('tbody tr'))
	await auditor.close()
})
