/* A language model is set up by mouse: from an example, its address refused in words, tried, and the call stands in what it cost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atDesk } from './desk.mjs'
import { axe, isWide } from './page.mjs'
import { api } from './staff.mjs'

let page
atDesk((opened) => { page = opened })

test('a model is set up, its key goes in and stays in, and a try says in words what is wrong', async () => {
	await page.goto(`${process.env.ANXIN_URL}/model_account/new`)
	await page.getByRole('button', { name: 'DeepSeek', exact: true }).click()
	assert.equal(await page.getByLabel('接口地址').inputValue(), 'https://api.deepseek.com/v1')
	await page.getByLabel('接口地址').fill('http://api.example.cn/v1')
	await page.getByLabel('API 密钥').fill('sk-secret')
	assert.deepEqual(await axe(page), [])
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.getByText('https://api.example.cn/v1').waitFor()
	await page.getByLabel('接口地址').fill('http://10.255.255.1:9/v1')
	await page.getByRole('button', { name: '保存', exact: true }).click()
	await page.waitForURL(/\/model_account\/\d+$/)
	const kept = (await api('GET', '/model_account?limit=1')).items[0]
	assert.ok(kept.secret_at > 0 && !JSON.stringify(kept).includes('sk-secret'))
	await page.getByText('还没有调用过').waitFor()
	await page.getByRole('button', { name: '测试', exact: true }).click()
	await page.getByRole('status', { name: '测试' }).getByText('outbound-allow').waitFor()
	await page.getByRole('region', { name: '最近的调用' }).getByText('地址未放行').waitFor()
	assert.deepEqual(await axe(page), [])
	if (process.env.ANXIN_SHOTS) await page.screenshot({ path: `${process.env.ANXIN_SHOTS}/model-1440.png`, fullPage: true })
	await page.setViewportSize({ width: 390, height: 844 })
	assert.equal(await isWide(page), false)
	if (process.env.ANXIN_SHOTS) await page.screenshot({ path: `${process.env.ANXIN_SHOTS}/model-390.png`, fullPage: true })
})
