/* Work that begins on a page of its own, done by keyboard alone: nothing below touches the mouse or sets the focus. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { giveFile, until } from './desk.mjs'
import { atKeys, made, newCustomer, sitDown } from './keys.mjs'
import { accountOf, api } from './staff.mjs'

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
let page, keys, browser
atKeys((desk, opened) => { ({ page, keys } = desk); browser = opened })

test('two tickets are merged and parted', async () => {
	const { id: whose } = await newCustomer('周婷')
	const [first, second] = await Promise.all(['冰箱怎么调温度', '温度还是不会调'].map((text) => api('POST', '/ticket', { scene: 'usage', customer_id: whose, text })))
	await keys.go(`/ticket/${first.id}`)
	await keys.choose('合并')
	await keys.dialog()
	await keys.type({ css: '[role=dialog] [role=combobox]' }, second.no)
	await keys.take(new RegExp(second.no))
	await keys.choose({ name: '合并', within: '[role=dialog]' })
	const archived = async () => Boolean((await api('GET', `/ticket/${second.id}`)).archived_at)
	await until(archived, 'merged')
	await keys.choose('撤销')
	await until(async () => !(await archived()), 'taken back')
	await api('POST', `/ticket/${first.id}/merge`, { ticket_id: second.id })
	await keys.go(`/ticket/${second.id}`)
	await keys.choose('撤销合并')
	await page.getByText('已撤销合并').waitFor()
})

test('a customer is erased', async () => {
	const { id } = await newCustomer('待删除')
	await keys.go(`/customer/${id}`)
	await page.getByRole('button', { name: '彻底删除' }).waitFor()
	await keys.choose('彻底删除')
	await keys.dialog()
	await keys.choose('本人要求')
	await keys.type('输入“彻底删除”确认', '彻底删除')
	await keys.choose('彻底删除')
	await page.getByRole('heading', { name: '删除证明' }).waitFor()
})

test('a masked phone is unmasked', async () => {
	const { id } = await newCustomer('王小明')
	await keys.go(`/customer/${id}`)
	await page.getByText('137****').first().waitFor()
	await keys.choose(/电话|手机/)
	await keys.dialog()
	await keys.mark({ css: '[role=dialog] input[type=radio]' })
	await keys.choose({ css: '[role=dialog] button[type=submit]' })
	await page.getByText(/137\d{8}/).first().waitFor()

	const auditor = await sitDown(browser, accountOf('audit'))
	await auditor.keys.choose('查看原文')
	await auditor.page.waitForURL(/area=reading/)
	await auditor.keys.choose({ css: 'tbody tr' })
	await auditor.keys.dialog()
	await auditor.page.getByRole('dialog').getByRole('link', { name: /王/ }).or(auditor.page.getByRole('dialog').getByText(id)).first().waitFor()
	await auditor.close()
})

test('a pack is looked at, taken up and taken back', async () => {
	const inUse = async () => (await api('GET', '/pack')).items.find((p) => p.active).name
	await keys.go('/pack')
	await page.getByRole('button', { name: '预览切换：零售' }).waitFor()
	await keys.choose('预览切换：零售')
	await page.getByRole('button', { name: '切换到“零售”' }).waitFor()
	await keys.choose('切换到“零售”')
	await until(async () => (await inUse()) === 'retail', 'taken up')
	await page.getByRole('button', { name: '撤销' }).waitFor()
	await keys.choose('撤销')
	await until(async () => (await inUse()) === 'appliance', 'taken back')
})

test('a calendar, a measure and a policy are kept from their examples', async () => {
	await keys.go('/calendar/new')
	await keys.choose('办公时间 5×8')
	await keys.type('编号', `key${stamp}`)
	await keys.choose('保存')
	assert.equal((await made(page, 'calendar')).code, `key${stamp}`)
	await keys.go('/clock_measure/new')
	await keys.choose('多久指派')
	await keys.type('指标编号', `key${stamp}`)
	await keys.choose('保存')
	const measure = await made(page, 'clock_measure')
	await keys.go('/clock_policy/new')
	await keys.choose('重要客户 30 分钟响应')
	await keys.choose('保存')
	const policy = await made(page, 'clock_policy')
	await api('POST', `/clock_policy/${policy.id}/archive`, { version: policy.version })
	await api('POST', `/clock_measure/${measure.id}/archive`, { version: measure.version })
})

test('each example of a rule, a time limit and a flow is kept as it is', async () => {
	const kept = async (record, address, name, verb, more = async () => {}) => {
		await keys.go(address)
		await keys.choose(name)
		await more()
		await keys.choose(verb)
		return made(page, record)
	}
	for (const name of ['投诉改为紧急', '新单自动指派', '解决超时改为特急', '24 小时无人处理建任务']) {
		const { id, version } = await kept('rule', '/rule/new', name, '发布规则')
		await api('PATCH', `/rule/${id}`, { version, state: 'off' })
	}
	for (const name of ['投诉 3 天闭环', '安装 24 小时']) {
		const { id, version } = await kept('clock_policy', '/clock_policy/new', name, '保存')
		await api('POST', `/clock_policy/${id}/archive`, { version })
	}
	for (const [object, name] of [['ticket', '寄修'], ['ticket', '上门与备件'], ['ticket', '填齐再办'], ['task', '未接通再打']]) {
		const { id, version } = await kept('flow', `/flow/new?object=${object}`, name, '保存草稿', () => keys.type('名称', `${name} ${stamp}`))
		await api('POST', `/flow/${id}/archive`, { version })
	}
})

test('a role is made with a right', async () => {
	await keys.go('/role/new')
	await keys.type('角色编号', `key${stamp}`)
	await keys.type('名称', `键盘 ${stamp}`)
	await keys.mark({ css: 'table input[type=checkbox]' })
	await keys.press('Control+Enter') // a table of rights is long: nobody tabs out of it
	const role = await made(page, 'role')
	assert.equal(role.name, `键盘 ${stamp}`)
	assert.equal(role.permissions.length, 1)
})

test('a spreadsheet comes in', async () => {
	await keys.go('/import')
	await keys.pick({ css: 'form select' }, '客户')
	await keys.to({ css: '.drop button' })
	await giveFile(page, { name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff姓名,手机号\r\n键${stamp},138${stamp}01`) })
	await page.locator('form button[type=submit]:not([disabled])').waitFor()
	await keys.press('Control+Enter')
	await page.waitForURL(/\/import\/\d+/)
	await keys.choose('试运行')
	await keys.choose('导入 1 行')
	await until(async () => (await api('GET', '/customer?sort=-created_at&limit=5')).items.some((one) => one.name?.startsWith('键')), 'brought in')
})

test('a webhook is made', async () => {
	await keys.go('/webhook/new')
	await keys.type('名称', `键盘 ${stamp}`)
	await keys.type('地址', 'http://10.1.2.3/hook')
	await keys.choose('保存')
	assert.equal((await made(page, 'webhook')).name, `键盘 ${stamp}`)
})

test('a template is kept from its example', async () => {
	await keys.go('/template/new')
	await keys.choose('受理确认')
	await keys.type('名称', `键盘 ${stamp}`)
	await keys.choose('保存')
	assert.equal((await made(page, 'template')).name, `键盘 ${stamp}`)
})
