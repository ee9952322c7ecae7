/* Work that begins on a page of its own, done by keyboard alone: nothing below touches the mouse or sets the focus. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, downTo, giveFile, tabTo, until } from './desk.mjs'
import { api, at } from './staff.mjs'

let page
const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
atDesk((opened) => { page = opened })

const go = (path) => page.goto(at(path))
const press = async (...keys) => {
	for (const key of keys) await page.keyboard.press(key)
}
const type = async (wanted, text) => {
	await tabTo(page, wanted)
	await press('Control+a')
	await page.keyboard.type(text)
}
const choose = async (wanted) => {
	await tabTo(page, wanted)
	await press('Enter')
}
const made = async (record) => {
	await page.waitForURL(new RegExp(`/${record}/\\d+$`))
	return api('GET', `/${record}/${new URL(page.url()).pathname.split('/').pop()}`)
}
/* A list that is open under a field. */
const option = (name) => page.getByRole('option', { name }).first().waitFor()
/* The dialog has come and holds the focus. */
const asked = () => page.waitForFunction(() => document.activeElement.closest('[role=dialog]'))
const customer = (name) => api('POST', '/customer', { name, phone: `137${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}` })

test('two tickets are merged and parted', async () => {
	const { id: whose } = await customer('周婷')
	const [first, second] = await Promise.all(['冰箱怎么调温度', '温度还是不会调'].map((text) => api('POST', '/ticket', { scene: 'usage', customer_id: whose, text })))
	await go(`/ticket/${first.id}`)
	await choose('合并')
	await asked()
	if (await page.evaluate(() => document.activeElement.getAttribute('role') !== 'combobox')) await tabTo(page, { css: '[role=dialog] [role=combobox]' })
	await page.keyboard.type(second.no)
	await option(second.no)
	if (await page.evaluate(() => !document.activeElement.getAttribute('aria-activedescendant'))) await press('ArrowDown')
	await press('Enter')
	await tabTo(page, '合并')
	await press('Enter')
	const archived = async () => Boolean((await api('GET', `/ticket/${second.id}`)).archived_at)
	await until(archived, 'merged')
	await choose('撤销')
	await until(async () => !(await archived()), 'taken back')
	await api('POST', `/ticket/${first.id}/merge`, { ticket_id: second.id })
	await go(`/ticket/${second.id}`)
	await choose('撤销合并')
	await page.getByText('已撤销合并').waitFor()
})

test('a customer is erased', async () => {
	const { id } = await customer('待删除')
	await go(`/customer/${id}`)
	await page.getByRole('button', { name: '彻底删除' }).waitFor()
	await choose('彻底删除')
	await asked()
	await choose('本人要求')
	await type('输入“彻底删除”确认', '彻底删除')
	await choose('彻底删除')
	await page.getByRole('heading', { name: '删除证明' }).waitFor()
})

test('a masked phone is unmasked', async () => {
	const { id } = await customer('王小明')
	await go(`/customer/${id}`)
	await page.getByText('137****').first().waitFor()
	await choose(/电话|手机/)
	await asked()
	if (!(await page.evaluate(() => document.activeElement.matches('input[type=radio]')))) await tabTo(page, { css: '[role=dialog] input[type=radio]' })
	await press('Space')
	await tabTo(page, { css: '[role=dialog] button[type=submit]' })
	await press('Enter')
	await page.getByText(/137\d{8}/).first().waitFor()
})

test('a pack is looked at, taken up and taken back', async () => {
	const inUse = async () => (await api('GET', '/pack')).items.find((p) => p.active).name
	await go('/pack')
	await page.getByRole('button', { name: '预览切换：零售' }).waitFor()
	await choose('预览切换：零售')
	await page.getByRole('button', { name: '切换到“零售”' }).waitFor()
	await choose('切换到“零售”')
	await until(async () => (await inUse()) === 'retail', 'taken up')
	await page.getByRole('button', { name: '撤销' }).waitFor()
	await choose('撤销')
	await until(async () => (await inUse()) === 'appliance', 'taken back')
})

test('a calendar, a measure and a policy are kept from their examples', async () => {
	await go('/calendar/new')
	await choose('办公时间 5×8')
	await type('编号', `key${stamp}`)
	await choose('保存')
	assert.equal((await made('calendar')).code, `key${stamp}`)
	await go('/clock_measure/new')
	await choose('多久指派')
	await type('指标编号', `key${stamp}`)
	await choose('保存')
	const measure = await made('clock_measure')
	await go('/clock_policy/new')
	await choose('重要客户 30 分钟响应')
	await choose('保存')
	const policy = await made('clock_policy')
	await api('POST', `/clock_policy/${policy.id}/archive`, { version: policy.version })
	await api('POST', `/clock_measure/${measure.id}/archive`, { version: measure.version })
})

test('a role is made with a right', async () => {
	await go('/role/new')
	await type('角色编号', `key${stamp}`)
	await type('名称', `键盘 ${stamp}`)
	await tabTo(page, { css: 'table input[type=checkbox]' })
	await press('Space', 'Control+Enter') // a table of rights is long: nobody tabs out of it
	const role = await made('role')
	assert.equal(role.name, `键盘 ${stamp}`)
	assert.equal(role.permissions.length, 1)
})

test('a spreadsheet comes in', async () => {
	await go('/import')
	await tabTo(page, { css: 'form select' })
	await downTo(page, '客户')
	await tabTo(page, { css: '.drop button' })
	await giveFile(page, { name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff姓名,手机号\r\n键${stamp},138${stamp}01`) })
	await page.locator('form button[type=submit]:not([disabled])').waitFor()
	await press('Control+Enter')
	await page.waitForURL(/\/import\/\d+/)
	await choose('试运行')
	await choose('导入 1 行')
	await until(async () => (await api('GET', '/customer?sort=-created_at&limit=5')).items.some((one) => one.name?.startsWith('键')), 'brought in')
})

test('a webhook is made', async () => {
	await go('/webhook/new')
	await type('名称', `键盘 ${stamp}`)
	await type('地址', 'http://10.1.2.3/hook')
	await choose('保存')
	assert.equal((await made('webhook')).name, `键盘 ${stamp}`)
})

test('a template is kept from its example', async () => {
	await go('/template/new')
	await choose('受理确认')
	await type('名称', `键盘 ${stamp}`)
	await choose('保存')
	assert.equal((await made('template')).name, `键盘 ${stamp}`)
})
