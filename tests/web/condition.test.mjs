/* The editor of conditions: built by keyboard alone, turned into text and back, wrong places named, nothing applied that is wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk, downTo, tabTo } from './desk.mjs'
import { axe } from './page.mjs'
import { api, at } from './staff.mjs'

let page
atDesk((opened) => { page = opened })

const panel = () => page.getByRole('form', { name: '条件' })
const count = async (condition) => (await api('GET', `/ticket/count?condition=${encodeURIComponent(condition)}`)).total
const applied = () => new URL(page.url()).searchParams.get('condition')
async function open(condition) {
	await page.goto(at(`/ticket?condition=${encodeURIComponent(condition)}`))
	await page.locator('tbody tr, .empty').first().waitFor()
}
const says = (n) => panel().getByRole('status').getByText(`符合 ${n.toLocaleString('en')} 条`).waitFor()

test('a condition by keyboard alone', async () => {
	await open('created_at > 2020-01-01')
	await page.keyboard.press('/')
	await page.waitForFunction(() => document.activeElement.tagName === 'SELECT')
	await downTo(page, '级别')
	await tabTo(page, '一般')
	await page.keyboard.press('Space')
	await says(await count('created_at > 2020-01-01 and grade = normal'))
	assert.deepEqual(await axe(page), [])
	await page.keyboard.press('Control+Enter')
	await page.waitForFunction(() => new URL(location.href).searchParams.get('condition').includes('grade'))
	assert.equal(applied(), 'created_at > 2020-01-01 and grade = normal')
	await page.locator('.chip', { hasText: '级别 是 一般' }).waitFor()
	await page.getByRole('button', { name: '去掉：级别 是 一般' }).click()
	await page.waitForFunction(() => new URL(location.href).searchParams.get('condition') === 'created_at > 2020-01-01')
})

test('groups, through a reference, and the words of a chip', async () => {
	await open('state = new or (customer.level = vip and not (grade = urgent))')
	await page.locator('.chip', { hasText: '状态 是 待受理 或 （客户的' }).waitFor()
	await page.locator('.chip .words').first().click()
	await panel().getByRole('group', { name: '满足任一的条件' }).waitFor()
	assert.equal(await panel().locator('[data-row]').count(), 3)
	await panel().getByRole('button', { name: '去掉这个条件' }).nth(1).click()
	const left = 'state = new or not (grade = urgent)'
	await says(await count(left))
	await panel().getByRole('button', { name: '应用' }).click()
	await page.waitForFunction((wanted) => new URL(location.href).searchParams.get('condition') === wanted, left)
})

test('text and back, with the place of what is wrong', async () => {
	await open('state = new')
	await page.locator('.chip .words').first().click()
	await panel().getByRole('button', { name: '改成文字' }).click()
	const area = panel().getByRole('textbox', { name: '条件文字' })
	assert.equal(await area.inputValue(), 'state = new')
	await area.fill('state = new and grade = red')
	const fault = panel().getByRole('button', { name: /第 25 个字/ })
	await fault.click()
	assert.deepEqual(await area.evaluate((el) => [el.selectionStart, document.activeElement === el]), [24, true])
	assert.equal(await panel().getByRole('button', { name: '应用' }).isDisabled(), true)
	assert.deepEqual(await axe(page), [])
	await area.fill('state = new and')
	await panel().getByRole('button', { name: /条件没有写完/ }).waitFor()
	await panel().getByRole('button', { name: '回到条件' }).click()
	assert.equal(await area.isVisible(), true, 'a text that nobody can read has no rows')
	await area.fill('state = new and age(created_at) > 3d')
	await says(await count('state = new and age(created_at) > 3d'))
	await panel().getByRole('button', { name: '回到条件' }).click()
	assert.equal(await panel().locator('[data-row]').count(), 2)
	await panel().getByRole('textbox', { name: '值' }).last().fill('5')
	await says(await count('state = new and age(created_at) > 5d'))
	await page.keyboard.press('Escape')
	await panel().waitFor({ state: 'detached' })
	assert.equal(applied(), 'state = new')
})

test('an address with a condition that does not hold is mended, not taken for all', async () => {
	await page.goto(at(`/ticket?condition=${encodeURIComponent('colour = 1')}`))
	await page.getByRole('button', { name: '改条件' }).click()
	await panel().getByText(/没有这个字段/).waitFor()
	assert.equal(await page.locator('tbody tr').count(), 0)
	await panel().getByRole('button', { name: '去掉这个条件' }).click()
	await panel().getByRole('button', { name: '应用' }).click()
	await page.locator('tbody tr').first().waitFor()
})

test('a view is saved with its condition, moved by keyboard, archived and taken back', async () => {
	await open('grade = urgent and state = new')
	await page.getByRole('button', { name: '保存视图' }).click()
	const name = `紧急新单 ${Date.now() % 100000}`
	await page.getByRole('textbox', { name: '名称' }).fill(name)
	await page.getByRole('dialog').getByRole('button', { name: '保存视图' }).click()
	const view = page.locator('.view', { hasText: name })
	await view.waitFor()
	const stored = async () => (await api('GET', '/view?limit=100')).items.find((one) => one.name === name)
	assert.equal((await stored()).condition, 'grade = urgent and state = new')
	await page.getByRole('button', { name: `归档视图：${name}` }).click()
	await view.waitFor({ state: 'detached' })
	await page.getByRole('button', { name: '撤销' }).click()
	await view.waitFor()
	const shared = page.locator('.view', { hasText: '紧急与特急' })
	const order = () => page.locator('.line .view .cut').allInnerTexts()
	const before = await order()
	await shared.focus()
	await page.keyboard.press('Alt+ArrowUp')
	await page.waitForFunction((was) => document.querySelectorAll('.line .view .cut')[was]?.innerText === '紧急与特急', before.indexOf('紧急与特急') - 1)
	await page.keyboard.press('Alt+ArrowDown')
	await page.waitForFunction((was) => document.querySelectorAll('.line .view .cut')[was]?.innerText === '紧急与特急', before.indexOf('紧急与特急'))
	/* It stands first, and other tests open the list with what stands first. */
	const { id, version } = await stored()
	await api('POST', `/view/${id}/archive`, { version })
})
