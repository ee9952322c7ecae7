/* A change is taken back from the history: the values before it come into the editor, and hold once they are saved. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, until } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at } from './staff.mjs'

let page
atDesk((opened) => (page = opened))

const open = (path) => page.goto(at(path))

async function takeBack() {
	await page.getByRole('button', { name: '历史' }).click()
	await page.getByRole('button', { name: '恢复到此前' }).first().click()
	await page.getByText('已放回编辑区').waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.getByText('已保存').waitFor()
}

async function makeUser() {
	const code = `u_${crypto.randomUUID().slice(0, 8)}`
	const [first, second] = await Promise.all(['a', 'b'].map((n) => api('POST', '/role', { code: `${code}_${n}`, name: `角色${n}`, permissions: ['ticket.read'], scope: 'own' })))
	const user = await api('POST', '/user', { account: code, name: '白露', role_id: first.id })
	const next = await api('PATCH', `/user/${user.id}`, { name: '白霜', role_id: second.id, version: user.version })
	return { user, next, first, second }
}

test('a user who was renamed and given another role gets both back', async () => {
	const { user, first } = await makeUser()
	await open(`/user/${user.id}`)
	await takeBack()
	const now = await api('GET', `/user/${user.id}`)
	assert.deepEqual([now.name, now.role_id], ['白露', first.id])
})

test('the form says the name of what was chosen before, not of what is chosen now', async () => {
	const { user } = await makeUser()
	await open(`/user/${user.id}`)
	await page.getByRole('button', { name: '历史' }).click()
	await page.getByRole('button', { name: '恢复到此前' }).first().click()
	await page.locator('form').getByText('角色a').or(page.locator('form input[value="角色a"]')).first().waitFor()
})

test('what somebody else has changed since is not overwritten unseen', async () => {
	const { user, next } = await makeUser()
	await open(`/user/${user.id}`)
	await page.getByRole('button', { name: '历史' }).click()
	await page.getByRole('button', { name: '恢复到此前' }).first().click()
	await page.getByText('已放回编辑区').waitFor()
	await api('PATCH', `/user/${user.id}`, { name: '白露为霜', version: next.version })
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.getByText('白露为霜').first().waitFor()
	assert.equal((await api('GET', `/user/${user.id}`)).name, '白露为霜')
})

test('a role gets back the rights it had', async () => {
	const code = `r_${crypto.randomUUID().slice(0, 8)}`
	const role = await api('POST', '/role', { code, name: code, permissions: ['ticket.read', 'device.read'], scope: 'own' })
	await api('PATCH', `/role/${role.id}`, { permissions: ['ticket.read'], scope: 'all', version: role.version })
	await open(`/role/${role.id}`)
	await takeBack()
	const now = await api('GET', `/role/${role.id}`)
	assert.deepEqual([[...now.permissions].sort(), now.scope], [['device.read', 'ticket.read'], 'own'])
})

test('a save is undone at once', async () => {
	const { user, next } = await makeUser()
	await open(`/user/${user.id}`)
	await page.getByRole('button', { name: '编辑' }).click()
	await page.getByLabel('姓名').fill('白鹭')
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.getByRole('button', { name: '撤销' }).click()
	await until(async () => (await api('GET', `/user/${user.id}`)).name === next.name, 'the name as before')
})

test('a role begins from an example, is put away and taken out again', async () => {
	const code = `e_${crypto.randomUUID().slice(0, 8)}`
	await open('/role/new')
	await page.getByRole('button', { name: '派单员' }).click()
	await page.getByLabel('角色编号').fill(code)
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.waitForURL(/\/role\/\d+$/)
	const id = page.url().split('/').pop()
	const made = await api('GET', `/role/${id}`)
	assert.ok(made.permissions.includes('ticket.assign') && made.scope === 'region')
	await page.getByRole('button', { name: '归档' }).click()
	await until(async () => (await api('GET', `/role/${id}`)).archived_at, 'put away')
	await page.getByRole('button', { name: '撤销' }).click()
	await until(async () => !(await api('GET', `/role/${id}`)).archived_at, 'taken out')
})

test('the company’s card: a save is undone, an older name comes back from its history', async () => {
	const before = await api('GET', '/company')
	await open('/company')
	await page.locator('input[name=organization]').fill('北方电器')
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await until(async () => (await api('GET', '/company')).name === '北方电器', 'the new name')
	await page.getByRole('button', { name: '撤销' }).click()
	await until(async () => (await api('GET', '/company')).name === before.name, 'the name as before')
	await page.getByRole('button', { name: '历史' }).click()
	await page.getByText('北方电器').first().waitFor()
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '恢复到此前' }).first().click()
	assert.equal(await page.locator('input[name=organization]').inputValue(), '北方电器')
})

test('a policy is found among many by name or condition', async () => {
	await open('/clock_policy')
	await page.locator('[data-policy]').first().waitFor()
	const all = await page.locator('[data-policy]').count()
	const { items } = await api('GET', '/clock_policy?limit=200')
	await page.getByRole('searchbox').fill(items[0].name)
	await until(async () => { const n = await page.locator('[data-policy]').count(); return n > 0 && n < all }, 'fewer')
	await page.getByText(items[0].name).first().waitFor()
	await page.getByRole('searchbox').fill('没有这样的时限')
	await page.locator('.empty').waitFor()
})
