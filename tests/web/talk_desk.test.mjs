/* What an agent has beside a conversation: what the customer said before, which device it is about, what she puts right, and macros that run on it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newNumber, openPhone, signIn } from './customer.mjs'
import { act, until } from './desk.mjs'
import { axe, DESK, isWide, openContext } from './page.mjs'
import { accountOf, api, at, enterConsole } from './staff.mjs'
import { launch } from './tools.mjs'

let browser, desk, page, agent
before(async () => {
	browser = await launch()
	desk = await openContext(browser, DESK)
	page = desk.page
	agent = (await api('GET', '/user?limit=100')).items.find((u) => u.account === 'linxiao')
	await enterConsole(page, accountOf('linxiao'))
})
after(async () => { await desk.close(); await browser.close() })

const of = (record, id) => api('GET', `/${record}/${id}`)
const codeOf = async (record, code) => (await api('GET', `/${record}?limit=100`)).items.find((one) => one.code === code).id

/* A customer on file who writes by her page; each time the agent has it. */
async function customer(name) {
	const number = newNumber()
	const { id } = await api('POST', '/customer', { name, phone: number })
	const phone = await openPhone(browser)
	await signIn(phone, number)
	await phone.page.getByRole('link', { name: /在线咨询/ }).click()
	const newest = async () => (await api('GET', `/conversation?sort=-created_at&limit=1&condition=${encodeURIComponent(`customer_id = ${id}`)}`)).items[0]
	return {
		id, close: () => phone.close(),
		async write(words) {
			const before = (await newest())?.id
			await phone.page.locator('#talk-text').fill(words)
			await phone.page.keyboard.press('Enter')
			await phone.page.locator('.bubble', { hasText: words }).waitFor()
			const talk = await until(async () => { const one = await newest(); return one && (one.id !== before || one.last_words.startsWith(words.slice(0, 5))) && one }, 'the message')
			if (talk.owner_id !== agent.id) await act(talk.id, 'assign', { owner_id: agent.id })
			return talk.id
		},
		saw: (words) => phone.page.locator('.bubble', { hasText: words }).waitFor(),
	}
}
async function device(owner, product) {
	const of = await codeOf('product', product)
	const model = (await api('GET', '/model?limit=200')).items.find((m) => m.product_id === of)
	return api('POST', '/device', { serial: `TD${String(Date.now()).slice(-8)}${Math.floor(Math.random() * 1000)}`, model_id: model.id, customer_id: owner, purchased_on: new Date(Date.now() - 100 * 86400_000).toISOString().slice(0, 10) })
}
async function open(id) {
	await page.goto(at(`/desk/${id}`))
	await page.locator('.message').first().waitFor()
}
const fileIt = async (id) => {
	await page.getByRole('button', { name: '生成服务单' }).click()
	await page.getByText(/已生成服务单/).first().waitFor()
	return of('ticket', (await of('conversation', id)).ticket_id)
}
/* No number: those are not shown of a customer's words. */
const named = () => Array.from(crypto.getRandomValues(new Uint8Array(6)), (n) => String.fromCharCode(97 + n % 26)).join('')
const devices = () => page.locator('[data-devices]')

test('what she said before is one strip, opened in place and read; nobody else stands in it', async () => {
	const stamp = named()
	const other = await customer('沈若兰')
	await other.write(`别人的话${stamp}`)
	const her = await customer('方晓雯')
	const first = await her.write(`冰箱怎么调温度${stamp}`)
	await api('POST', `/conversation/${first}/message`, { text: '冷藏室建议 4 ℃', visibility: 'public' })
	await act(first, 'close')
	const now = await her.write(`冷藏室还是结冰${stamp}`)
	await open(now)
	const strip = page.locator('[data-talks]')
	await strip.getByText('同一客户的全部会话').waitFor()
	await strip.getByText('本次').waitFor()
	await strip.getByRole('button', { name: '展开 1 条' }).click()
	const row = strip.getByRole('button', { name: new RegExp(`冰箱怎么调温度${stamp}`) })
	assert.match(await row.innerText(), /林晓/)
	await row.click()
	await strip.locator('.said').getByText('冷藏室建议 4 ℃').waitFor()
	assert.equal(await strip.getByText(`别人的话${stamp}`).count(), 0)
	assert.equal(await strip.locator('.said textarea').count(), 0, 'to be read')
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)
	await strip.getByRole('link', { name: '打开这个会话' }).click()
	await page.waitForURL(new RegExp(`/desk/${first}`))
	await page.goto(at(`/customer/${her.id}`))
	const talks = page.locator('.related', { has: page.getByRole('heading', { name: '会话', exact: true }) })
	await talks.getByText(`冷藏室还是结冰${stamp}`).waitFor()
	assert.equal(await talks.locator('tbody tr').count(), 2)
	await page.locator('.related', { has: page.getByRole('heading', { name: '通话', exact: true }) }).waitFor()
	await her.close()
	await other.close()
})

/* Done just before the next change of hers reaches the server. */
async function meanwhile(work) {
	let done = false
	await page.route('**/api/v1/conversation/*', async (route) => {
		if (route.request().method() === 'PATCH' && !done) {
			done = true
			await work()
		}
		await route.fallback()
	})
}

test('of several devices one is picked, taken back, and a colleague\'s choice is not run over', async () => {
	const her = await customer('邓佳宁')
	const [fridge, washer] = [await device(her.id, 'fridge'), await device(her.id, 'washer')]
	const talk = await her.write('家里电器有点问题')
	await open(talk)
	const one = (d) => devices().getByRole('button', { name: new RegExp(d.serial.slice(-4)) })
	await devices().getByText(/点选/).waitFor()
	assert.match(await one(fridge).innerText(), /保修至/)
	assert.deepEqual(await axe(page), [])
	await one(fridge).click()
	await until(async () => (await of('conversation', talk)).device_id === fridge.id, 'the fridge')
	await page.locator('.side').getByText(fridge.serial, { exact: true }).waitFor()
	await page.getByRole('button', { name: '撤销' }).click()
	await until(async () => !(await of('conversation', talk)).device_id, 'taken back')
	await devices().getByText(/点选/).waitFor()

	/* A colleague was a moment faster. */
	await meanwhile(async () => api('PATCH', `/conversation/${talk}`, { version: (await of('conversation', talk)).version, device_id: washer.id }))
	await one(fridge).click()
	const clash = devices().getByRole('alert')
	await clash.waitFor()
	assert.equal((await of('conversation', talk)).device_id, washer.id)
	await clash.getByRole('radio').first().check()
	await clash.getByRole('button').click()
	await until(async () => (await of('conversation', talk)).device_id === fridge.id, 'what was chosen of the two')

	/* A message that comes meanwhile is no other opinion. */
	await meanwhile(() => api('POST', `/conversation/${talk}/message`, { text: '备注一下', visibility: 'internal' }))
	await one(washer).click()
	await until(async () => (await of('conversation', talk)).device_id === washer.id, 'the washer')
	assert.equal(await clash.count(), 0)
	assert.equal((await fileIt(talk)).device_id, washer.id)
	await her.close()
})

test('where it is narrow the devices are a drawer away', async () => {
	const her = await customer('袁梦洁')
	const [fridge] = [await device(her.id, 'fridge'), await device(her.id, 'washer')]
	const talk = await her.write('家里电器有点问题')
	const size = page.viewportSize()
	await page.setViewportSize({ width: 390, height: 844 })
	await open(talk)
	await page.getByRole('button', { name: '客户与设备' }).click()
	const drawer = page.getByRole('dialog', { name: '客户与设备' })
	await drawer.getByRole('button', { name: new RegExp(fridge.serial.slice(-4)) }).click()
	await until(async () => (await of('conversation', talk)).device_id === fridge.id, 'the fridge')
	assert.deepEqual(await axe(page), [])
	assert.equal(await isWide(page), false)
	await page.setViewportSize(size)
	await her.close()
})

test('the only device goes into the ticket by itself', async () => {
	const her = await customer('乔安然')
	const fridge = await device(her.id, 'fridge')
	const talk = await her.write('冰箱不制冷')
	await open(talk)
	await devices().getByText('生成服务单时自动带入').waitFor()
	assert.equal((await fileIt(talk)).device_id, fridge.id)
	await devices().getByText(/这次咨询的是这一台/).waitFor()
	await her.close()
})

test('what is put right by one click is in the ticket made of it', async () => {
	const her = await customer('罗一凡')
	const talk = await her.write('空调怎么老是这样，请问发票怎么开')
	await open(talk)
	const pane = page.locator('[data-assist]')
	const corrects = async (label, word) => {
		await pane.getByLabel(label).selectOption({ label: word })
		await until(async () => await pane.getByLabel(label).getAttribute('title') === '已由客服更正', `${label} put right`)
	}
	await corrects('场景', '故障报修')
	await corrects('产品', '冰箱')
	await corrects('故障现象', '结冰结霜')
	await corrects('紧急程度', '紧急')
	assert.deepEqual(await axe(page), [])
	const ticket = await fileIt(talk)
	assert.deepEqual([ticket.scene, ticket.product_id, ticket.symptoms, ticket.grade], ['repair', await codeOf('product', 'fridge'), ['frost'], 'urgent'])
	await her.close()
})

test('a macro answers, tags and closes the conversation that is open, by mouse and by Ctrl K', async () => {
	const stamp = named()
	const words = `您好，设置方法已发给您${stamp}`
	const template = await api('POST', '/template', { name: `调温${stamp}`, text_zh: words, text_en: 'Here is how.' })
	await api('POST', '/macro', { record: 'conversation', name: `答复并结束${stamp}`, audience: 'company', actions: [{ do: 'reply', template_id: template.id }, { do: 'tag', add: [`已答${stamp}`] }, { do: 'move', action: 'close' }] })
	const her = await customer('史可心')
	for (const way of ['mouse', 'keys']) {
		const talk = await her.write(`冰箱怎么调温度（${way}）`)
		await open(talk)
		if (way === 'mouse') {
			await page.getByRole('button', { name: '宏', exact: true }).click()
			assert.deepEqual(await axe(page), [])
			await page.getByRole('button', { name: `答复并结束${stamp}` }).click()
		} else {
			await page.getByRole('button', { name: '宏', exact: true }).waitFor()
			await until(async () => {
				await page.keyboard.press('Control+k')
				await page.getByRole('combobox', { name: '搜索' }).fill(`答复并结束${stamp}`)
				if (await page.getByRole('option', { name: `答复并结束${stamp}` }).first().isVisible()) return true
				await page.keyboard.press('Escape')
				return false
			}, 'the macro in Ctrl K')
			await page.keyboard.press('Enter')
		}
		await page.getByText(`已执行“答复并结束${stamp}”`).waitFor()
		const row = await of('conversation', talk)
		assert.deepEqual([row.state, row.tags], ['closed', [`已答${stamp}`]])
		await page.locator('.message.own', { hasText: words }).waitFor()
		await page.locator('.side').getByText(`已答${stamp}`).waitFor()
		await page.getByRole('button', { name: '宏', exact: true }).waitFor({ state: 'detached' })
		await her.saw(words)
	}
	await her.close()
})
