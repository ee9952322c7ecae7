/* Every example that a page of administration offers is built by mouse alone: pressed, what is obligatory filled, kept or put in force; and what
 * is kept is what the example says. The examples are read from the page, so a new one is tried by itself. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { examples as policies } from '../../web/apps/console/pages/clock_policy/examples.ts'
import { examples as queues } from '../../web/apps/console/pages/chat_queue/examples.ts'
import { examples as flows } from '../../web/apps/console/pages/flow/examples.ts'
import { examples as promises } from '../../web/apps/console/pages/promise/examples.ts'
import { examples as forms } from '../../web/apps/console/pages/report_form/examples.ts'
import { examples as roles } from '../../web/apps/console/pages/role/examples.ts'
import { examples as rules } from '../../web/apps/console/pages/rule/examples.ts'
import { atDesk } from './desk.mjs'
import { api } from './staff.mjs'

let page
atDesk((opened) => { page = opened })

let n = Date.now() % 1e6 * 100
const button = (name) => page.getByRole('button', { name, exact: true })
const fill = (label) => () => page.getByLabel(label, { exact: true }).fill(`built_${n++}`)
const made = []
after(async () => { for (const one of made) await putAway(one) })

/* What is in force belongs to the whole company, and to all tests that come. */
async function putAway({ record, id }) {
	let { version, state, archived_at } = await api('GET', `/${record}/${id}`)
	if (archived_at) return
	if (state === 'on') ({ version } = await api('PATCH', `/${record}/${id}`, { version, state: 'off' }))
	await api('POST', `/${record}/${id}/archive`, { version })
}

const holds = (kept, example) => { for (const [name, value] of Object.entries(example)) assert.deepEqual(kept[name], value, name) }
const names = (list, key) => list.map((one) => one[key])
function holdsRule(kept, example) {
	const { actions, ...rest } = example
	holds(kept, rest)
	assert.ok(actions.length)
	assert.deepEqual(names(kept.actions, 'do'), names(actions, 'do'))
	for (const [i, doing] of actions.entries()) for (const [name, value] of Object.entries(doing)) if (value === '') assert.ok(kept.actions[i][name], `${doing.do} says its ${name}`); else assert.deepEqual(kept.actions[i][name], value)
}
function holdsFlow(kept, example) {
	assert.equal(kept.object, example.object)
	assert.deepEqual(names(kept.states, 'code'), names(example.states, 'code'))
	assert.deepEqual(names(kept.moves, 'move'), names(example.moves, 'move'))
	assert.ok(kept.moves.length)
	for (const [i, state] of example.states.entries()) assert.ok(kept.states[i].state === state.state && kept.states[i].zh && kept.states[i].en, state.code)
	for (const [i, move] of example.moves.entries()) if (move.own) assert.ok(kept.moves[i].to === move.to && kept.moves[i].from.join() === move.from.join() && kept.moves[i].zh && kept.moves[i].en, move.move)
}
function holdsForm(kept, example) {
	assert.ok(kept.scenes.length)
	assert.deepEqual(names(kept.scenes, 'name'), names(example.scenes, 'name'))
	for (const [i, scene] of example.scenes.entries()) {
		const { fields = [], ...rest } = scene
		holds(kept.scenes[i], rest)
		assert.deepEqual(names(kept.scenes[i].fields ?? [], 'name'), names(fields, 'name'))
		for (const [k, field] of fields.entries()) if (field.choices) assert.deepEqual(names(kept.scenes[i].fields[k].choices, 'value'), names(field.choices, 'value'))
	}
}
/* Nights are what its calendar leaves out. */
function holdsQueue(kept, example) {
	assert.equal(kept.place, example.place)
	assert.equal(kept.titles.calendar_id, '在线客服 8:00–22:00')
	assert.ok(kept.night && kept.night_en)
}
function holdsRole(kept, example) {
	assert.equal(kept.scope, example.scope)
	assert.ok(kept.permissions.length)
	assert.deepEqual([...kept.permissions].sort(), [...new Set(example.permissions)].sort())
}

/* What an answer is written from is the company's own. */
async function chooseTemplate() {
	const second = page.getByRole('listitem', { name: '第 2 个动作' })
	if (await second.getByLabel('动作', { exact: true }).inputValue() !== 'reply') return
	await second.getByLabel('模板', { exact: true }).click()
	await page.getByRole('listbox').getByRole('option').first().click()
}

/* examples: where they are written down, in the order of the page · save: the button that keeps it, puts it in force · obligatory: what only the
 * maker knows · holds: what was kept against the example, or without one what it must not lack · named: the row is called as the example. */
const pages = [
	{ record: 'clock_policy', examples: policies, holds, named: true },
	{ record: 'rule', save: '发布规则', examples: rules, holds: holdsRule, named: true, on: true },
	{ record: 'flow', at: '/flow/new?object=ticket', save: '启用', examples: ofObject('ticket'), holds: holdsFlow, named: true, on: true },
	{ record: 'flow', at: '/flow/new?object=task', save: '启用', examples: ofObject('task'), holds: holdsFlow, named: true, on: true },
	{ record: 'flow', at: '/flow/new?object=compensation', save: '启用', examples: ofObject('compensation'), holds: holdsFlow, named: true, on: true },
	{ record: 'report_form', save: '启用', examples: forms, holds: holdsForm, named: true, on: true },
	{ record: 'role', examples: roles, obligatory: fill('角色编号'), holds: holdsRole, named: true },
	{ record: 'promise', examples: promises, holds, named: true },
	{ record: 'custom_field', holds: (kept) => assert.ok(kept.name && kept.name_en && kept.kind && (kept.kind !== 'choice' || kept.choices.length > 1)) },
	{ record: 'template', holds: (kept) => assert.ok(kept.text_zh && kept.text_en), named: true },
	{ record: 'macro', obligatory: chooseTemplate, holds: (kept) => assert.ok(kept.actions.length > 1), named: true },
	{ record: 'calendar', obligatory: fill('编号'), holds: (kept) => assert.ok(kept.form.week.length && kept.name) },
	{ record: 'clock_measure', obligatory: fill('指标编号'), holds: (kept) => assert.ok(kept.run_when && kept.name) },
	{ record: 'chat_queue', examples: queues, holds: holdsQueue, named: true },
	{ record: 'sms_gateway', holds: (kept) => assert.ok(kept.title && (kept.templates.includes('* = ') || kept.api_url)) },
	{ record: 'phone_line', holds: (kept) => assert.ok(kept.title && kept.dial_url) },
	{ record: 'mail_account', holds: (kept) => assert.ok(kept.title && /^service@/.test(kept.address)) },
	{ record: 'wechat_account', holds: (kept) => assert.ok(kept.title && /^w[wx]/.test(kept.app_id)) },
	{ record: 'model_account', holds: (kept) => assert.ok(kept.title && kept.model && /^https?:/.test(kept.base_url)) },
	{ record: 'webhook', holds: (kept) => assert.match(kept.url, /^https:/), named: true },
].map((one) => ({ save: '保存', at: `/${one.record}/new`, obligatory: async () => {}, ...one }))

function ofObject(object) {
	return Object.fromEntries(Object.entries(flows).filter(([, flow]) => flow.object === object))
}

const chips = () => page.getByRole('group', { name: '从示例开始' }).getByRole('button')
async function open(one) {
	await page.goto(process.env.ANXIN_URL + one.at)
	await chips().first().waitFor()
}
async function build(one, at) {
	await open(one)
	const label = await chips().nth(at).innerText()
	await chips().nth(at).click()
	await one.obligatory()
	await button(one.save).click()
	await page.waitForURL(new RegExp(`/${one.record}/\\d+$`))
	const id = new URL(page.url()).pathname.split('/').pop()
	made.push({ record: one.record, id })
	return { label, kept: await api('GET', `/${one.record}/${id}`) }
}

for (const one of pages)
	test(`${one.record}: every example is built by mouse (${one.at})`, async () => {
		await open(one)
		const all = await chips().count()
		const written = one.examples && Object.values(one.examples)
		if (written) assert.equal(all, written.length, 'the page offers each that is written down')
		for (let at = 0; at < all; at++) {
			const { label, kept } = await build(one, at)
			one.holds(kept, written?.[at])
			if (one.named) assert.equal(kept.name, label)
			if (one.named && 'name_en' in kept && kept.name_en) assert.match(kept.name_en, /^[ -~]+$/, 'its English name is English, whoever picked it')
			if (one.on) assert.equal(kept.state, 'on')
			await putAway({ record: one.record, id: kept.id })
		}
	})
