/* A change is taken back from the history: the values before it come into the editor, and hold once they are saved. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk } from './desk.mjs'
import { axe } from './page.mjs'
import { api } from './staff.mjs'

let page
atDesk((opened) => (page = opened))

const open = (path) => page.goto(process.env.ANXIN_URL + path)

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
