/* Colleagues are told: a rule with a notice by mouse, tried and fired; the banner of critical tickets until somebody took them; what a call came to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, until } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at, takeAllCritical } from './staff.mjs'

let page
const stamp = String(Date.now() % 1_000_000)
atDesk((opened) => { page = opened })

const go = (path) => page.goto(at(path))
const button = (name) => page.getByRole('button', { name, exact: true })
let people = 0
async function file(text, more = {}) {
	const customer = await api('POST', '/customer', { name: '通知客户', phone: `134${String(Date.now()).slice(-7)}${people++ % 10}` })
	return api('POST', '/ticket', { scene: 'usage', customer_id: customer.id, text, grade: 'normal', ...more })
}

test('a rule that tells colleagues, by mouse', async () => {
	await file(`怎么调温度 ${stamp}`)
	await go('/rule')
	await button('新建规则').click()
	await page.getByLabel('名称', { exact: true }).fill(`通知 ${stamp}`)
	await page.getByRole('group', { name: '事件' }).getByRole('button', { name: '新建', exact: true, pressed: true }).waitFor()
	if (!await page.getByRole('listitem', { name: '第 1 个动作' }).count()) await button('加一个动作').click()
	const action = page.getByRole('listitem', { name: '第 1 个动作' })
	await action.getByLabel('动作', { exact: true }).selectOption({ label: '通知同事' })
	await action.getByLabel('给谁').selectOption({ label: '指定角色的人' })
	await action.getByLabel('角色').waitFor()
	await action.getByLabel('给谁').selectOption({ label: '主管' })
	assert.equal(await action.getByLabel('角色').count(), 0, 'asked for only where it is somebody in particular')
	await action.getByLabel('内容').fill('看一下 {{ticket.no}}')
	await button('试一试').click()
	await page.getByText(/^通知.+：$/).first().waitFor()
	await page.getByText(/看一下 SR\d+/).first().waitFor()
	assert.deepEqual(await axe(page), [])
	await button('发布规则').click()
	await page.waitForURL(/\/rule\/\d+$/)
	const id = new URL(page.url()).pathname.split('/').pop()
	await file(`怎么清洗 ${stamp}`)
	await until(async () => (await api('GET', `/rule/${id}/statistics`)).days.at(-1)?.fired === 1, 'fired')
	await button('停用规则').click()
	await until(async () => (await api('GET', `/rule/${id}`)).state === 'off', 'switched off')
})

test('a critical ticket stands over every page until somebody takes it', async () => {
	await takeAllCritical()
	const ticket = await file('插座冒烟', { grade: 'critical' })
	await go('/customer')
	const banner = page.getByRole('region', { name: '特急服务单' }).getByRole('alert')
	await banner.getByText(new RegExp(`特急：${ticket.no}.*还没有人受理`)).waitFor()
	assert.deepEqual(await axe(page), [])
	await banner.getByRole('link', { name: '去受理' }).click()
	await page.waitForURL(new RegExp(`/ticket/${ticket.id}$`))
	await button('受理').click()
	await banner.getByText(ticket.no).waitFor({ state: 'detached' })
})

test('a call ends with what came of it, another task without', async () => {
	const ticket = await file(`回访什么 ${stamp}`)
	for (const [kind, asked] of [['call_back', 1], ['todo', 0]]) {
		const task = await api('POST', '/task', { title: `${kind} ${stamp}`, kind, ticket_id: ticket.id })
		await go(`/task/${task.id}`)
		await button('完成').click()
		const dialog = page.getByRole('dialog')
		await dialog.getByLabel(/^结果/).fill('说过了')
		assert.equal(await dialog.getByLabel('通话结果').count(), asked)
		if (asked) {
			assert.ok(await dialog.getByRole('button', { name: '完成', exact: true }).isDisabled(), 'it has to be said')
			await dialog.getByLabel('通话结果').selectOption('未联系上')
			assert.deepEqual(await axe(page), [])
		}
		await dialog.getByRole('button', { name: '完成', exact: true }).click()
		await until(async () => (await api('GET', `/task/${task.id}`)).state === 'done', 'done')
		assert.equal((await api('GET', `/task/${task.id}`)).outcome || '', asked ? 'not_reached' : '')
	}
})
