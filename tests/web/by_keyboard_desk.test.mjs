/* What an agent does at the desk all day, by keyboard alone: answers with a template and a file, names a colleague, takes two matters apart, keeps a
   view, chooses rows, puts a queue in order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atKeys, newCustomer, newTicket } from './keys.mjs'
import { newNumber } from './customer.mjs'
import { giveFile, until } from './desk.mjs'
import { api, move } from './staff.mjs'
import { onFile, openSms } from './stranger.mjs'

const stamp = String(Date.now() % 1_000_000).padStart(6, '0')
let page, keys
atKeys((desk) => { ({ page, keys } = desk) })
const told = (condition) => encodeURIComponent(condition)
const one = (record, condition) => api('GET', `/${record}?condition=${told(condition)}`).then(({ items }) => items[0])
const openTicket = async (ticket) => {
	await keys.go(`/ticket/${ticket.id}`)
	await page.locator('form.compose textarea').waitFor()
}

test('a reply with a template and a file is sent', async () => {
	const template = await api('POST', '/template', { name: `键盘答复 ${stamp}`, text_zh: '您好，单号 {{ticket.no}}', text_en: 'Dear customer, {{ticket.no}}' })
	const ticket = await newTicket('冰箱怎么调温度')
	await openTicket(ticket)
	await keys.press('r')
	await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA')
	await keys.press('Control+;')
	await page.getByRole('dialog', { name: '选择模板' }).waitFor()
	await keys.write(template.name)
	await keys.take(new RegExp(template.name))
	await page.waitForFunction((no) => document.activeElement.value?.includes(no), ticket.no)
	await keys.write('，请看说明书')
	await keys.to({ name: '添加文件', within: 'form.compose' })
	await giveFile(page, { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('按住温度键三秒') })
	await page.locator('form.compose li.done').waitFor()
	await keys.press('Control+Enter')
	const said = async () => (await api('GET', `/ticket/${ticket.id}/timeline?kind=talk`)).items[0]
	await until(async () => (await said())?.text === `您好，单号 ${ticket.no}，请看说明书`, 'sent')
	assert.equal((await said()).file_ids.length, 1)
	await api('POST', `/template/${template.id}/archive`, { version: template.version })
})

test('a colleague is named in a note, and one watches', async () => {
	const role = (await api('GET', '/role?limit=50')).items.find((r) => r.code === 'agent')
	const colleague = await api('POST', '/user', { account: `key_${stamp}`, name: `覃键${stamp}`, role_id: role.id })
	const ticket = await newTicket('冰箱怎么调温度')
	await openTicket(ticket)
	await keys.press('Alt+n')
	await page.waitForFunction(() => document.activeElement.getAttribute('aria-label') === '内部备注')
	await keys.write(`请@${colleague.account}`)
	const names = page.getByRole('listbox', { name: '同事' }).getByRole('option')
	await names.filter({ hasText: colleague.name }).waitFor()
	await names.nth(1).waitFor({ state: 'detached' }) // no more those of half the word
	await keys.press('Enter')
	await keys.write('看一下')
	await keys.press('Control+Enter')
	await until(async () => (await api('GET', `/ticket/${ticket.id}/timeline?kind=internal`)).items[0]?.named?.some((n) => n.id === colleague.id), 'named')
	await keys.choose('关注')
	await keys.choose(/^谁在关注 \d/)
	await keys.dialog()
	await page.getByRole('dialog', { name: '谁在关注' }).getByText('系统管理员').waitFor()
	await keys.choose(/^不再让系统管理员关注/)
	await page.getByRole('dialog').getByText('系统管理员').waitFor({ state: 'detached' })
	await keys.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	await page.waitForFunction(() => document.activeElement.getAttribute('aria-label')?.startsWith('谁在关注'))
})

test('two matters are taken apart and put together again', async () => {
	const ticket = await newTicket('冰箱怎么调温度')
	await api('POST', `/ticket/${ticket.id}/comment`, { text: '门也关不上了', visibility: 'public' })
	await openTicket(ticket)
	await keys.choose('拆分')
	await keys.dialog()
	await keys.type({ name: /^另一件事/, within: '[role=dialog]' }, `门关不上 ${stamp}`)
	await keys.mark({ name: /门也关不上了/, within: '[role=dialog]' })
	await keys.press('Control+Enter')
	await keys.choose(/^拆出 SR/)
	await page.getByRole('heading', { name: `门关不上 ${stamp}` }).waitFor()
	await keys.choose('撤销拆分')
	await page.getByText('已撤销拆分').waitFor()
	assert.ok((await api('GET', `/ticket/${ticket.id}/timeline?kind=talk`)).items.some((e) => e.text === '门也关不上了'))
})

test('two files of one customer are merged and parted', async () => {
	const [first, second] = [await newCustomer(`周键${stamp}`), await newCustomer(`周盘${stamp}`)]
	const { value } = await api('POST', `/customer/${second.id}/reveal`, { field: 'phone', purpose: '浏览器测试' })
	await keys.go(`/customer/${first.id}`)
	await keys.choose('合并')
	await keys.dialog()
	await keys.type({ css: '[role=dialog] [role=combobox]' }, value)
	await keys.take(/137/)
	await keys.choose({ name: '合并', within: '[role=dialog]' })
	const archived = async () => Boolean((await api('GET', `/customer/${second.id}`)).archived_at)
	await until(archived, 'merged')
	await keys.choose('撤销')
	await until(async () => !(await archived()), 'parted')
})

test('a view is kept, shared with the team and put in its place', async () => {
	await keys.go(`/ticket?condition=${told('grade = urgent and state = new')}`)
	await page.locator('tbody tr, .empty').first().waitFor()
	await keys.choose('保存视图')
	await keys.dialog()
	await keys.type({ name: /^名称/, within: '[role=dialog]' }, `键盘 ${stamp}`)
	await keys.pick('谁能看到', '公司')
	await keys.press('Control+Enter')
	const stored = () => one('view', `name = "键盘 ${stamp}"`)
	await until(async () => (await stored())?.audience === 'company', 'shared')
	const view = page.locator('.line .view .cut')
	await view.getByText(`键盘 ${stamp}`).waitFor()
	const order = () => view.allInnerTexts()
	const was = (await order()).indexOf(`键盘 ${stamp}`)
	await keys.to(new RegExp(`^键盘 ${stamp}`))
	await keys.press(was ? 'Alt+ArrowUp' : 'Alt+ArrowDown')
	await until(async () => (await order()).indexOf(`键盘 ${stamp}`) === (was ? was - 1 : 1), 'moved')
	await until(async () => { // its new place may be on its way
		const { id, version } = await stored()
		return api('POST', `/view/${id}/archive`, { version }).then(() => true, () => false)
	}, 'put away')
})

test('a field of several rows is set, and taken back', async () => {
	await keys.go(`/customer?condition=${told('level = standard')}`)
	await page.locator('tbody tr').nth(2).waitFor()
	const ids = await page.locator('tbody tr').evaluateAll((rows) => rows.slice(0, 3).map((row) => row.querySelector('a').getAttribute('href').split('/').pop()))
	const levels = async () => (await Promise.all(ids.map((id) => api('GET', `/customer/${id}`)))).map((c) => c.level).join()
	await keys.press('j', 'k', 'x', 'j', 'j', 'Shift+x')
	await page.getByText('已选 3').waitFor()
	await keys.choose('改字段')
	await keys.dialog()
	await keys.pick('字段', '等级')
	await keys.pick({ name: /^等级/, within: '[role=dialog]' }, '重要')
	await keys.press('Control+Enter')
	await until(async () => (await levels()) === 'vip,vip,vip', 'set')
	await keys.choose('撤销')
	await until(async () => (await levels()) === 'standard,standard,standard', 'taken back')
})

test('a macro runs over several rows, and is taken back', async () => {
	const made = []
	for (const n of [1, 2, 3]) made.push(await newTicket(`批量 ${stamp} ${n}`))
	const macro = await api('POST', '/macro', { record: 'ticket', name: `键盘升级 ${stamp}`, audience: 'company', actions: [{ do: 'move', action: 'grade', fields: { grade: 'urgent' } }] })
	const grades = async () => (await Promise.all(made.map((t) => api('GET', `/ticket/${t.id}`)))).map((t) => t.grade).join()
	await keys.go(`/ticket?condition=${told(`title contains "批量 ${stamp}"`)}`)
	await page.locator('tbody tr').nth(2).waitFor()
	await keys.press('j', 'k', 'x', 'j', 'j', 'Shift+x')
	await page.getByText('已选 3').waitFor()
	await keys.choose('宏')
	await keys.choose(macro.name)
	await until(async () => (await grades()) === 'urgent,urgent,urgent', 'the macro')
	await page.getByRole('button', { name: '撤销' }).waitFor()
	await keys.press('Alt+z')
	await until(async () => (await grades()) === 'normal,normal,normal', 'taken back')
	await api('POST', `/macro/${macro.id}/archive`, { version: macro.version })
})

test('a queue is put in an order of one\'s own, and the next one taken', async () => {
	const me = (await api('GET', '/session')).user
	const made = []
	for (const n of [1, 2, 3]) {
		const ticket = await newTicket(`排队 ${stamp} ${n}`)
		made.push(await move(ticket.no, 'assign', { owner_id: me.id }))
	}
	const stand = async () => (await api('GET', '/queue?of=mine&limit=200')).items.map((t) => made.findIndex((m) => m.id === t.id) + 1).filter(Boolean).join('')
	await keys.press('g', 'q')
	await page.waitForURL(/\/queue/)
	await keys.to(new RegExp(`${made[2].no}，移动`))
	await keys.press('Alt+ArrowUp')
	await until(async () => (await stand()) === '132', 'moved by keys')
	await page.waitForFunction((no) => document.activeElement?.getAttribute('aria-label')?.includes(no), made[2].no)
	await keys.choose(`下移 ${made[2].no}`)
	await until(async () => (await stand()) === '123', 'moved by the arrow')
	await keys.choose(new RegExp(`${made[0].no}排队`))
	await page.waitForURL(new RegExp(`/ticket/${made[0].id}$`))
})

test('a stranger is asked who she is, looked up and confirmed', async () => {
	const sms = await openSms()
	const her = await onFile('何静怡')
	const conversation = await sms.write(newNumber(), `冰箱怎么除霜，单号 ${her.no}`)
	await keys.go(`/desk/${conversation}?of=queue`)
	await page.locator('.bubble', { hasText: '怎么除霜' }).waitFor()
	await keys.to({ css: `a[href="/customer/${her.id}"]`, within: '[data-who]' })
	await keys.press('Enter')
	await page.waitForURL(new RegExp(`/customer/${her.id}$`))
	await page.goBack()
	await page.locator('.bubble', { hasText: '怎么除霜' }).waitFor()
	await keys.choose({ name: '是这位客户', within: '[data-who]' })
	await until(async () => (await api('GET', `/conversation/${conversation}`)).customer_id === her.id, 'hers')
	await page.locator('[data-who]').getByText('客服已核对是这位客户').waitFor()
	await keys.choose({ css: '[data-devices] button' })
	await page.locator('.side a[href^="/device/"]').first().waitFor()
	await keys.choose({ css: '.side a[href^="/device/"]' })
	await page.waitForURL(/\/device\/\d+$/)
	await sms.close()
})
