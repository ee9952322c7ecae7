/* Erasing a customer in the console: only with a reason and the word typed again; then the certificate, fit for paper. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, DESK, isWide, openContext, PHONE } from './page.mjs'
import { accountOf, api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const person = () => api('POST', '/customer', { name: '待删除', phone: `136${String(Date.now()).slice(-8)}`, note: '常客' })

test('a customer is erased with a reason and a word, and the certificate is shown and printed', async () => {
	const { id } = await person()
	const desk = await openContext(browser, DESK)
	await enterConsole(desk.page)
	await desk.page.goto(at(`/customer/${id}`))
	await desk.page.getByRole('button', { name: '彻底删除' }).click()
	const dialog = desk.page.getByRole('dialog')
	const confirm = dialog.getByRole('button', { name: '彻底删除' })
	assert.equal(await confirm.isDisabled(), true)
	await dialog.getByRole('button', { name: '本人要求' }).click()
	assert.equal(await confirm.isDisabled(), true, 'the word is not typed yet')
	await dialog.getByLabel('输入“彻底删除”确认').fill('彻底删除')
	assert.deepEqual(await axe(desk.page), [])
	await confirm.click()
	await desk.page.getByRole('heading', { name: '删除证明' }).waitFor()
	const paper = await desk.page.locator('main').innerText()
	assert.match(paper, new RegExp(`客户 ${id}[\\s\\S]*本人要求[\\s\\S]*系统管理员[\\s\\S]*密钥\\s+1（\\d+）[\\s\\S]*签名公钥`))
	assert.deepEqual(await axe(desk.page), [])
	await desk.page.emulateMedia({ media: 'print' })
	assert.equal(await desk.page.getByRole('button', { name: '打印' }).isVisible(), false)
	await desk.page.emulateMedia({ media: 'screen' })
	await desk.page.getByRole('button', { name: '返回客户' }).click()
	await desk.page.getByRole('button', { name: '删除证明' }).waitFor()
	const left = await api('GET', `/customer/${id}`)
	assert.deepEqual([left.name, left.phone, left.note], [null, null, ''])
	await desk.close()
})

test('who may not erase is not offered it; the certificate fits a phone', async () => {
	const { id } = await person()
	const agent = await openContext(browser, DESK)
	await enterConsole(agent.page, accountOf('chenli'))
	await agent.page.goto(at(`/customer/${id}`))
	await agent.page.getByRole('button', { name: '变更历史' }).waitFor()
	assert.equal(await agent.page.getByRole('button', { name: '彻底删除' }).count(), 0)
	await agent.close()
	await api('POST', `/customer/${id}/erase`, { reason: '撤回同意' })
	const phone = await openContext(browser, PHONE)
	await enterConsole(phone.page)
	await phone.page.goto(at(`/customer/${id}/erasure`))
	await phone.page.getByText('撤回同意').first().waitFor()
	assert.equal(await isWide(phone.page), false, 'wider than the screen')
	await phone.close()
})
