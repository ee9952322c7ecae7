/* Every record of /meta in the console, those without a page of their own too: its list with a row under the heads of its fields, its
 * form with a place for each field that people fill in. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, openContext } from './page.mjs'
import { api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

/* Pages of their own take their place. */
const OWN_LIST = ['import', 'outbox', 'clock_policy', 'rule', 'promise', 'tag', 'flow']
const OWN_FORM = ['quality_rule', 'ticket', 'role', 'calendar', 'clock_measure', 'clock_policy', 'rule', 'webhook', 'wechat_account', 'mail_account', 'sms_gateway', 'phone_line', 'model_account', 'sign_in_provider', 'custom_field', 'report_form', 'flow', 'web_chat', 'article', 'template']
/* What a record's own rules demand beyond the types of its fields. */
const OWN_VALUES = {
	model_account: { base_url: 'https://api.example.cn/v1' },
	mail_account: { address: 'service@example.cn', imap_host: 'imap.example.cn', smtp_host: 'smtp.example.cn' },
	sms_gateway: { kind: 'generic', api_url: 'https://sms.example.cn/send' },
	quality_rule: { words: '没有人这样说', messages: 1 },
	chat_queue: { condition: 'customer.note = "没有这个人"' },
	article: { code: `A-${Date.now()}` },
	phrasing: { article: 'A01' },
	question_line: { expected: 'A01' },
	synonym: { words: '不凉、没冷气' },
	macro: { record: 'ticket', actions: [{ do: 'move', action: 'accept' }] },
	promise: { measure: 'closed_loop', target: 90 },
	clock_measure: { run_when: 'state = new' },
	webhook: { url: 'https://erp.example.cn/hook' },
	sign_in_provider: { issuer: 'https://id.example.cn' },
	shift_kind: { hours: '22:00-08:00' },
	shift: { hours: '08:30-17:30' },
	absence: { from_at: 1900000000000, to_at: 1900003600000 },
}

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function goodValue(field) {
	if (field.type === 'ref') return (await api('GET', `/${field.to}?limit=1`)).items[0].id
	if (field.type === 'choice') return field.choices[0].value
	if (['money', 'count', 'int', 'real'].includes(field.type)) return Math.max(field.least, 3)
	return { day: '2026-03-08', name: '王小明', phone: '13800000042', email: 'a@example.com' }[field.type] ?? `T${Date.now()}`
}

/* A list without rows shows no heads. */
async function haveRow(record) {
	const { total } = await api('GET', `/${record.name}?limit=1&total=1`)
	if (total > 0) return
	const body = { ...OWN_VALUES[record.name] }
	for (const field of record.fields.filter(({ required, system, initial }) => required && !system && !initial)) body[field.name] ??= await goodValue(field)
	await api('POST', `/${record.name}`, body)
}

async function checkList(page, record) {
	await haveRow(record)
	await page.goto(at(`/${record.name}`))
	await page.locator('tbody tr, .empty').first().waitFor()
	if (record.flow) return // opens with a view of its own, which may be empty
	const heads = await page.locator('thead th .cut').allInnerTexts()
	const labels = record.fields.filter(({ hidden }) => !hidden).map(({ label }) => label.zh)
	assert.equal(heads.filter((head) => labels.includes(head)).length >= Math.min(3, labels.length), true, `${record.name}: ${heads}`)
}

async function checkForm(page, record) {
	await page.goto(at(`/${record.name}/new`))
	const form = page.locator('form').last()
	await form.getByText(record.fields.find(({ system }) => !system).label.zh).first().waitFor()
	const said = await form.innerText()
	const missing = record.fields.filter(({ name, system }) => !system && !name.startsWith('x_')) // other tests make and put away fields of the company's own
		.filter(({ label }) => !said.includes(label.zh))
	assert.deepEqual(missing.map(({ name }) => name), [], record.name)
}

test('each record has its list and its form', async () => {
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	const { records } = await api('GET', '/meta')
	for (const record of records) {
		if (record.creatable && !OWN_LIST.includes(record.name)) await checkList(desk.page, record)
		if (record.creatable && !OWN_FORM.includes(record.name)) await checkForm(desk.page, record)
	}
	await desk.close()
})
