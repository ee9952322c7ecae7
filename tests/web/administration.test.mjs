/* Each page of administration, the same way: a row is found by words, changed and taken back at once, taken back by its history, archived and
 * taken back, found among the archived. What is kept is asked of the API each time. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { atDesk, until } from './desk.mjs'
import { axe } from './page.mjs'
import { api, setSetting } from './staff.mjs'

let page
atDesk((opened) => { page = opened })
const made = []
after(async () => {
	for (const { record, id } of made.reverse()) {
		const { version, archived_at } = await api('GET', `/${record}/${id}`)
		if (!archived_at) await api('POST', `/${record}/${id}/archive`, { version })
	}
	for (const name of ['code.life', 'keep.import']) await setSetting(name, null)
})

let n = Date.now() % 1e6 * 100
const code = () => `admin_${n++}`
const go = (path) => page.goto(process.env.ANXIN_URL + path)
const button = (name) => page.getByRole('button', { name, exact: true })
const never = (text) => `title = "${text}"`
const week = [{ days: ['mon'], hours: ['09:00-12:00'] }]

/* of(name): a row as it is made · words: the search box ('': nothing of it is searched), rows: what it leaves · label: the field that is changed,
 * turn: it is a tick, save: what keeps it, edit: asked for first · own: the archived lie under the page's own list. */
const LIST = { words: '搜索', rows: 'tbody tr', label: '名称', save: '保存' }
const user = { record: 'user', label: '姓名', edit: true, of: async (name) => ({ account: code(), name, email: `${code()}@example.cn`, role_id: (await api('GET', '/role?limit=1')).items[0].id }) }
const pages = [
	{ record: 'calendar', of: (name) => ({ code: code(), name, form: { name: { zh: name, en: name }, zone: 'Asia/Shanghai', make_up_as: 'mon', week, holidays: [], days: [] } }) },
	{ record: 'clock_measure', of: (name) => ({ object: 'ticket', code: code(), name, run_when: never(name) }) },
	{ record: 'clock_policy', rows: '[data-policy]', own: true, of: (name) => ({ object: 'ticket', name, measure: 'solution', condition: never(name), target_minutes: 60, soon_percent: 75, ladder: [], place: 9000 }) },
	{ record: 'rule', rows: '.rules > li', own: true, save: '保存草稿', of: (name) => ({ name, object: 'ticket', state: 'draft', events: ['created'], actions: [], place: 90_000_000 }) },
	{ record: 'flow', words: '搜索本企业的流程', rows: 'a.row', own: true, save: '保存草稿', of: (name) => ({ object: 'ticket', name, state: 'draft', states: [], moves: [] }) },
	{ record: 'report_form', save: '保存草稿', of: (name) => ({ name, state: 'draft', scenes: [{ name: 'remote', off: true }] }) },
	{ record: 'custom_field', of: (name) => ({ object: 'device', name, kind: 'text' }) },
	{ record: 'web_chat', label: '标题', of: (name) => ({ title: name, state: 'off' }) },
	{ record: 'template', of: (name) => ({ name, purpose: 'other', text_zh: '您好', active: false }) },
	{ record: 'quality_rule', save: '保存草稿', of: (name) => ({ name, kind: 'forbidden', words: name, state: 'draft', place: 9000 }) },
	{ record: 'macro', of: (name) => ({ record: 'ticket', name, audience: 'mine', actions: [{ do: 'move', action: 'accept' }] }) },
	{ record: 'role', of: (name) => ({ code: code(), name, permissions: ['ticket.read'], scope: 'own' }) },
	user,
	{ record: 'webhook', of: (name) => ({ name, url: 'https://erp.example.com/hook', state: 'off' }) },
	{ record: 'model_account', of: (name) => ({ title: name, base_url: 'https://api.example.cn/v1', model: 'chat', state: 'off' }) },
	{ record: 'sms_gateway', of: (name) => ({ title: name, kind: 'generic', api_url: 'https://sms.example.cn/send', state: 'off' }) },
	{ record: 'phone_line', of: (name) => ({ title: name, state: 'off' }) },
	{ record: 'mail_account', of: (name) => ({ title: name, address: 'a@example.cn', imap_host: 'imap.example.cn', smtp_host: 'smtp.example.cn', state: 'off' }) },
	{ record: 'wechat_account', of: (name) => ({ title: name, app_id: 'wx0123456789abcdef', state: 'off' }) },
	{ record: 'promise', words: '搜索承诺', rows: 'tr.row', own: true, edit: true, of: (name) => ({ name, code: code(), area: 'calls', object: 'ticket', measure: 'closed_loop', target: 90, condition: never(name) }) },
	{ record: 'weekly_receiver', words: '', label: '最久未结的服务单', turn: true, edit: true, of: async (name) => ({ user_id: (await make(user, name)).id }) },
].map((one) => ({ ...LIST, ...one }))

/* What the row says, without when and how often it was written. */
async function said({ record }, id) {
	const { version: _v, updated_at: _u, changed_at: _c, titles: _t, actions: _a, ...rest } = await api('GET', `/${record}/${id}`)
	return JSON.stringify(record === 'rule' || record === 'macro' ? { ...rest, actions: _a } : rest)
}
const isSaid = (one, id, was) => until(async () => await said(one, id) === was, `${one.record} says what it said`)

async function make(one, name) {
	const row = await api('POST', `/${one.record}`, await one.of(name))
	made.push({ record: one.record, id: row.id })
	return row
}
const inIndex = ({ record }, name, more = '') => until(async () => (await api('GET', `/${record}?q=${encodeURIComponent(name)}${more}`)).items.length === 1, `${name} is in the index`)

async function search(box, words) {
	await box.fill(words)
	await box.press('Enter')
}
async function findOne(one, name, other) {
	await go(`/${one.record}`)
	const rows = page.locator(one.rows)
	await rows.filter({ hasText: other }).waitFor()
	const box = page.getByRole('searchbox', { name: one.words, exact: true })
	await search(box, name)
	await rows.filter({ hasText: other }).waitFor({ state: 'detached' })
	await rows.filter({ hasText: name }).waitFor()
	assert.equal(await rows.count(), 1)
	await search(box, `没有这个${n++}`)
	await rows.first().waitFor({ state: 'detached' })
	await page.getByText(/^没有(符合全部条件的内容|找到“)/).first().waitFor()
	assert.deepEqual(await axe(page), [])
}

async function change(one, text) {
	if (one.edit) await button('编辑').click()
	if (one.turn) await page.getByLabel(one.label).click()
	else await until(async () => { await page.getByLabel(one.label, { exact: true }).fill(text); return button(one.save).isEnabled() }, 'what is typed counts')
	await button(one.save).click()
	await page.locator('.toast', { hasText: '已保存' }).waitFor()
}
const undo = (what) => page.locator('.toast', { hasText: what }).getByRole('button', { name: '撤销' }).click()
async function backByHistory(one) {
	await button('变更历史').click()
	await page.getByRole('dialog').getByRole('button', { name: '恢复到此前' }).first().click()
	await page.getByText('已放回编辑区').waitFor()
	await button(one.save).click()
	await page.locator('.toast', { hasText: '已保存' }).waitFor()
}
const isArchived = async ({ record }, id) => Boolean((await api('GET', `/${record}/${id}`)).archived_at)

/* When the toast has long gone. */
async function backFromTheArchived(one, id, name) {
	if (one.words) await inIndex(one, name, '&archived=1')
	await go(`/${one.record}`)
	await page.getByRole('button', { name: /^已归档/ }).click()
	if (one.own) {
		const rows = page.locator('.archived li')
		await search(page.getByRole('searchbox', { name: '搜索已归档的' }), name)
		await rows.filter({ hasText: name }).waitFor()
		await page.waitForFunction(() => document.querySelectorAll('.archived li').length === 1)
		assert.deepEqual(await axe(page), [])
		await rows.getByRole('button', { name: '恢复' }).click()
	} else {
		if (one.words) await search(page.getByRole('searchbox', { name: one.words, exact: true }), name)
		await page.getByRole('heading', { name: /^已归档的/ }).waitFor()
		await page.locator(one.rows, { hasText: name }).getByRole('link').first().click()
		await page.waitForURL(new RegExp(`/${one.record}/${id}$`))
		await button('恢复').click()
	}
	await until(async () => !await isArchived(one, id), 'taken out again')
}

for (const one of pages)
	test(`${one.record}: found, changed, taken back at once and by the history, archived and taken out`, async () => {
		const [name, other] = [`寻得到${n++}`, `另一个${n++}`]
		const { id } = await make(one, name)
		await make(one, other)
		if (one.words) {
			await Promise.all([inIndex(one, name), inIndex(one, other)])
			await findOne(one, name, other)
		}

		await go(`/${one.record}/${id}`)
		const was = await said(one, id)
		await change(one, `改过名${n++}`)
		assert.notEqual(await said(one, id), was)
		await undo('已保存')
		await isSaid(one, id, was)

		await change(one, `又改名${n++}`)
		await backByHistory(one)
		await isSaid(one, id, was)

		await button('归档').click()
		await until(() => isArchived(one, id), 'archived')
		await undo('已归档')
		await isSaid(one, id, was)

		await button('归档').click()
		await page.locator('.toast', { hasText: '已归档' }).waitFor()
		await backFromTheArchived(one, id, name)
		await isSaid(one, id, was)
	})

test('what is taken back is what the other pages go by, without a reload', async () => {
	const [name, next] = [`保修卡号${n++}`, `质保卡号${n++}`]
	const one = pages.find(({ record }) => record === 'custom_field')
	const { id } = await make(one, name)
	await go(`/custom_field/${id}`)
	await change(one, next)
	await undo('已保存')
	await until(async () => (await api('GET', `/custom_field/${id}`)).name === name, 'taken back')
	await page.getByRole('navigation').getByRole('link', { name: '设备' }).click()
	await page.locator('tbody tr').first().waitFor()
	await page.getByRole('button', { name: /^列 \d/ }).click()
	await page.getByRole('dialog').getByText(name).waitFor()
	assert.equal(await page.getByRole('dialog').getByText(next).count(), 0)
})

test('setting: found, changed, taken back at once and by the history', async () => {
	const stored = () => api('GET', '/setting/code.life')
	await go('/setting')
	const rows = page.locator('.row')
	await rows.nth(5).waitFor()
	const box = page.getByRole('searchbox', { name: '搜索设置' })
	await box.fill('没有这种设置')
	await page.getByText('没有找到“没有这种设置”').waitFor()
	await box.fill('code.life')
	await page.waitForFunction(() => document.querySelectorAll('.row').length === 1)
	const value = rows.getByLabel('验证码有效时间', { exact: true })
	const set = async (text) => {
		await value.fill(text)
		await rows.getByRole('button', { name: '保存' }).click()
		await page.locator('.toast', { hasText: `已改为 ${text} 分钟` }).waitFor()
	}
	const back = async (at) => {
		await rows.getByRole('button', { name: '验证码有效时间的变更历史' }).click()
		await page.getByRole('dialog').getByRole('button', { name: '恢复到此前' }).nth(at).click()
		await page.getByText('已放回编辑区').waitFor()
	}
	await set('20')
	assert.equal((await stored()).value, 20)
	await undo('已改为 20 分钟')
	await until(async () => await value.inputValue() === '10', 'the default again')
	assert.equal((await stored()).source, 'default')
	await set('25')
	await set('30')
	await back(0)
	assert.equal(await value.inputValue(), '25')
	assert.equal((await stored()).value, 30, 'looked at before it is saved')
	assert.deepEqual(await axe(page), [])
	await rows.getByRole('button', { name: '保存' }).click()
	await until(async () => (await stored()).value === 25, 'the value before')
	await rows.getByRole('button', { name: '保存' }).waitFor({ state: 'detached' })
	/* Further back than every change: no value of one's own. */
	await back(-1)
	await rows.getByRole('button', { name: '保存' }).click()
	await until(async () => (await stored()).source === 'default', 'the default')
	assert.equal(await value.inputValue(), '10')
})

test('retention: found by the law and by words, an older time comes back from its history', async () => {
	const NAME = 'keep.import'
	await go('/retention')
	const cards = page.locator('section.kind')
	await cards.nth(3).waitFor()
	const all = await cards.count()
	const box = page.getByRole('searchbox', { name: '搜索保存的内容' })
	await box.fill('电商法')
	await page.waitForFunction((most) => { const left = document.querySelectorAll('section.kind').length; return left > 0 && left < most }, all)
	await box.fill('没有这一类')
	await page.getByText('没有找到“没有这一类”').waitFor()
	assert.deepEqual(await axe(page), [])
	const { label, value: was } = await api('GET', `/setting/${NAME}`)
	await box.fill(label.zh)
	await page.waitForFunction(() => document.querySelectorAll('section.kind').length === 1)
	const days = cards.getByRole('textbox')
	const save = async () => {
		await cards.getByRole('button', { name: '保存' }).click()
		await page.getByRole('dialog').getByRole('button', { name: '更改期限' }).click()
		await page.locator('.toast', { hasText: '24 小时后生效' }).waitFor()
	}
	await days.fill(String(was + 5))
	await save()
	assert.equal((await api('GET', `/setting/${NAME}`)).value, was + 5)
	await undo('24 小时后生效')
	await until(async () => (await api('GET', `/setting/${NAME}`)).value === was, 'taken back at once')
	await until(async () => await days.inputValue() === String(was), 'shown as before')
	await page.waitForLoadState('networkidle')
	await days.fill(String(was + 6))
	await save()
	await page.waitForLoadState('networkidle')
	await cards.getByRole('button', { name: '变更历史' }).click()
	await page.getByRole('dialog').getByRole('button', { name: '恢复到此前' }).first().click()
	await page.getByText('已放回编辑区').waitFor()
	assert.equal(await days.inputValue(), String(was))
	await save()
	await until(async () => (await api('GET', `/setting/${NAME}`)).source === 'default', 'the default')
})
