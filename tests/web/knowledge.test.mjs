/* The knowledge base: found, changed over the pack and given back, phrasings added with a warning, a fault tree drawn, tried out and published; then read in the help centre. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { atDesk, giveFile, until } from './desk.mjs'
import { axe, isWide, openContext, PHONE } from './page.mjs'
import { api, at } from './staff.mjs'
import { root } from './tools.mjs'

let page
let browserOf
const stamp = String(Date.now() % 1_000_000)
atDesk((opened) => {
	page = opened
	browserOf = () => page.context().browser()
})
const go = (path) => page.goto(at(path))
const button = (name) => page.getByRole('button', { name, exact: true })
const entry = (code) => api('GET', `/knowledge/entry/${code}`)
const fault = async () => (await api('GET', '/knowledge?kind=faq&topic=fault&limit=200')).items.find((e) => e.product && !e.danger && e.from === 'pack' && e.offered)

test('a question of the pack is found by its words, changed, published and given back', async () => {
	const { code, title } = await fault()
	await go('/knowledge')
	await page.getByRole('searchbox').first().fill(title.zh)
	await page.getByRole('link', { name: title.zh }).first().click()
	await page.waitForURL(`**/knowledge/${code}`)
	await page.getByLabel('标题', { exact: true }).fill(`改过的标题 ${stamp}`)
	await button('预览').first().click()
	const preview = page.getByRole('region', { name: '预览 正文' })
	await preview.waitFor()
	await button('插入图片').first().focus()
	await giveFile(page, { name: '滤网.png', mimeType: 'image/png', buffer: readFileSync(join(root, 'docs/console.png')) })
	await preview.getByAltText('滤网').waitFor()
	assert.deepEqual(await axe(page), [])
	await button('保存并发布').click()
	await until(async () => (await entry(code)).head.title.zh === `改过的标题 ${stamp}`)
	await page.getByText('改过的行业包内容').first().waitFor()
	await button('恢复行业包内容').click()
	await until(async () => (await entry(code)).head.title.zh === title.zh)
	await button('撤销').click()
	await until(async () => (await entry(code)).head.title.zh === `改过的标题 ${stamp}`)
	await button('恢复行业包内容').click()
	await until(async () => (await entry(code)).head.from === 'pack')
})

test('phrasings are added by Enter with a warning of what is near, and one of the pack is switched off and on', async () => {
	const { code } = await fault()
	const { phrasings } = await entry(code)
	await go(`/knowledge/${code}`)
	const box = page.getByLabel('加一种问法，回车添加')
	await box.fill(`${phrasings[0].text}呀`)
	await page.getByText('这里已有相近的').first().waitFor()
	const text = `我家这台咋又不听使唤 ${stamp}`
	await box.fill(text)
	await box.press('Enter')
	await until(async () => (await entry(code)).phrasings.some((p) => p.text === text))
	await button(`去掉“${text}”`).click()
	await until(async () => !(await entry(code)).phrasings.some((p) => p.text === text))
	await button(`停用“${phrasings[0].text}”`).click()
	await until(async () => (await entry(code)).phrasings[0].off)
	await button(`恢复“${phrasings[0].text}”`).click()
	await until(async () => !(await entry(code)).phrasings[0].off)
})

test('a fault tree is drawn, tried out, refused while it is not whole, and published', async () => {
	const code = `T-${stamp}`
	await go('/knowledge/new?kind=fault_tree')
	await page.getByLabel('编号', { exact: true }).fill(code)
	await page.getByLabel('标题', { exact: true }).fill(`加湿器不出雾 ${stamp}`)
	await button('开始画').click()
	const pane = page.getByRole('region', { name: '步骤', exact: true })
	await pane.getByLabel('问什么', { exact: true }).fill('水箱里有水吗？')
	await pane.getByLabel('回答', { exact: true }).first().fill('有')
	await pane.getByLabel('回答', { exact: true }).last().fill('没有')
	await button('保存并发布').click()
	await page.getByRole('alert').getByText('tree.nodes.b').first().waitFor()
	await page.locator('[data-step="b"]').click()
	await pane.getByLabel('告诉客户', { exact: true }).fill('请报修，由师傅检查雾化片。')
	await pane.getByLabel('结果', { exact: true }).selectOption('report')
	await page.locator('[data-step="c"]').click()
	await pane.getByLabel('告诉客户', { exact: true }).fill('加水到最高水位线，再开机。')
	await pane.getByLabel('结果', { exact: true }).selectOption('solved')
	await button('试走一遍').click()
	const trial = page.getByRole('region', { name: '试走一遍' })
	await trial.getByRole('button', { name: '没有' }).click()
	await trial.getByText('加水到最高水位线').waitFor()
	assert.deepEqual(await axe(page), [])
	await button('保存并发布').click()
	await until(async () => (await entry(code).catch(() => ({ head: {} }))).head.in_force === 'published')
})

test('files of Markdown, HTML and sheets become drafts, what is wrong with one is said, and all is taken back at once', async () => {
	await go('/knowledge')
	await button('导入文章').focus()
	await giveFile(page, [
		{ name: `care-${stamp}.md`, mimeType: 'text/markdown', buffer: Buffer.from(`# 保养要点 ${stamp}\n\n1. 断电\n2. 擦拭`) },
		{ name: `page-${stamp}.html`, mimeType: 'text/html', buffer: Buffer.from(`<h1>清洗 ${stamp}</h1><p>先<b>断电</b></p><img src="x.png"><script>alert(1)</script>`) },
		{ name: 'sheet.csv', mimeType: 'text/csv', buffer: Buffer.from(`标题,正文,编号,相似问法\n香薰盒怎么换 ${stamp},抽出旧盒。,row-${stamp},换香薰盒${stamp}；香薰盒在哪${stamp}\n只有标题,,,`) },
		{ name: 'leer.md', mimeType: 'text/markdown', buffer: Buffer.from('# 只有标题') },
	])
	await page.getByText('没有正文').first().waitFor()
	await page.getByText('2 种问法').waitFor()
	await page.getByText('1 张图片没有带入').waitFor()
	await page.getByText(`care-${stamp} · 保养要点 ${stamp}`).waitFor()
	assert.deepEqual(await axe(page), [])
	await button('建立 3 篇草稿').click()
	await until(async () => (await entry(`care-${stamp}`).catch(() => ({ head: {} }))).head.state === 'draft')
	assert.equal((await entry(`care-${stamp}`)).row.body_zh, '1. 断电\n2. 擦拭')
	await until(async () => (await entry(`row-${stamp}`).catch(() => ({}))).phrasings?.length === 2)
	assert.equal((await entry(`page-${stamp}`)).row.body_zh, '先**断电**')
	await button('撤销').click()
	await until(async () => (await entry(`care-${stamp}`)).archived)
})

test('a Word document and a zip become drafts with their pictures; what stays behind and what is no document is said', async () => {
	const png = readFileSync(join(root, 'docs/console.png'))
	const bytes = (code) => execFileSync('python3', ['-c', code], { cwd: join(root, 'tests/api'), input: png, maxBuffer: 2 ** 26 })
	const word = bytes('import sys; from docx import *; png = sys.stdin.buffer.read(); sys.stdout.buffer.write(docx(title("滤网更换"), p("先", run("断电", "<w:b/>"), link("h", "点我")), p(picture("p1", "滤网")), step("取下"), pictures=[("p1", png)], links=[("h", "javascript:alert(1)")]))')
	const zip = bytes('import io, sys, zipfile; out = io.BytesIO(); z = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED); z.writestr("说明/care.md", "# 打包的保养\\n\\n![图](img/a.png)![远](https://elsewhere.example/x.png)"); z.writestr("说明/img/a.png", sys.stdin.buffer.read()); z.close(); sys.stdout.buffer.write(out.getvalue())')
	await go('/knowledge')
	await button('导入文章').focus()
	await giveFile(page, [
		{ name: `word-${stamp}.docx`, mimeType: 'application/octet-stream', buffer: word },
		{ name: `files-${stamp}.zip`, mimeType: 'application/zip', buffer: zip },
		{ name: `old-${stamp}.docx`, mimeType: 'application/octet-stream', buffer: Buffer.from('不是文档') },
	])
	await page.getByText(`word-${stamp} · 滤网更换 · 1 个链接地址不安全，只留文字`).waitFor()
	await page.getByText('打包的保养 · 带 1 张图片 · 1 张图片没有带入').waitFor()
	await page.getByText('这不是 Word 文档').waitFor()
	await page.getByText('预览').first().click()
	await page.getByRole('dialog').getByAltText('滤网').waitFor()
	assert.deepEqual(await axe(page), [])
	await button('建立 2 篇草稿').click()
	await until(async () => (await entry(`word-${stamp}`).catch(() => ({ head: {} }))).head.state === 'draft')
	assert.match((await entry(`word-${stamp}`)).row.body_zh, /^先\*\*断电\*\*点我\n\n!\[滤网\]\(file:\d+\)\n\n1\. 取下$/)
	const packed = async () => (await api('GET', '/knowledge?q=打包的保养')).items.find((e) => e.title.zh === '打包的保养')
	await until(packed)
	assert.match((await entry((await packed()).code)).row.body_zh, /^!\[图\]\(file:\d+\)$/)
	await button('撤销').click()
	await until(async () => (await entry(`word-${stamp}`)).archived)
})

test('a document that is too long for one article is cut at its headings, and shown so before it is made', async () => {
	const code = `import sys; from docx import *; sys.stdout.buffer.write(docx(title("长手册"), p("先看这里"), heading("安装"), p("字" * 5000), heading("清洗"), p("洗" * 5000)))`
	const word = execFileSync('python3', ['-c', code], { cwd: join(root, 'tests/api'), maxBuffer: 2 ** 26 })
	await go('/knowledge')
	await button('导入文章').focus()
	await giveFile(page, [
		{ name: `long-${stamp}.docx`, mimeType: 'application/octet-stream', buffer: word },
		{ name: `part-${stamp}.md`, mimeType: 'text/markdown', buffer: Buffer.from(`# 说明\n\n## 一\n\n短\n\n## 二\n\n${'字'.repeat(8001)}`) },
	])
	await page.getByText(`“long-${stamp}.docx”超过 8000 字，已按标题分为 3 篇草稿`).waitFor()
	await page.getByText(`“part-${stamp}.md”超过 8000 字，已按标题分为 1 篇草稿`).waitFor()
	await page.getByText(`part-${stamp}.md 第 2 节 二`).waitFor()
	await page.getByText('超过 8000 字', { exact: true }).waitFor()
	assert.deepEqual(await axe(page), [])
	await button('建立 4 篇草稿').click()
	const titles = async () => Promise.all(['', '-1', '-2'].map(async (end) => (await entry(`long-${stamp}${end}`).catch(() => null))?.row.title_zh))
	await until(async () => (await titles()).every(Boolean))
	assert.deepEqual(await titles(), ['长手册', '安装', '清洗'])
	assert.equal((await entry(`long-${stamp}-2`)).row.body_zh, '洗'.repeat(5000))
	assert.equal((await entry(`part-${stamp}`)).row.body_zh, '短')
	await page.getByRole('button', { name: '撤销' }).last().click()
	await until(async () => (await entry(`long-${stamp}-2`)).archived)
})

test('the list and an entry hold on a phone and in the dark', async () => {
	const { code } = await fault()
	await page.emulateMedia({ colorScheme: 'dark' })
	await page.setViewportSize({ width: 390, height: 844 })
	for (const [path, ready] of [['/knowledge', 'tbody tr'], [`/knowledge/${code}`, '.chip'], [`/knowledge/T-${stamp}`, '.step']]) {
		await go(path)
		await page.locator(ready).first().waitFor()
		assert.equal(await isWide(page), false, path)
		assert.deepEqual(await axe(page), [], path)
	}
	await page.setViewportSize({ width: 1440, height: 900 })
	await page.emulateMedia({ colorScheme: null })
})

test('a customer finds the tree while typing, walks it and says that it helped', async () => {
	for (const colorScheme of ['light', 'dark']) {
		const reader = await openContext(browserOf(), { ...PHONE, colorScheme })
		const p = reader.page
		await p.goto(at('/help'))
		assert.deepEqual(await axe(p), [])
		assert.equal(await isWide(p), false)
		await p.getByRole('combobox').first().fill(`加湿器不出雾 ${stamp}`)
		await p.getByRole('option', { name: `加湿器不出雾 ${stamp}` }).waitFor()
		await p.keyboard.press('ArrowDown')
		await p.keyboard.press('Enter')
		await p.waitForURL(`**/help/article/T-${stamp}**`)
		await p.getByRole('link', { name: '开始排查' }).click()
		assert.deepEqual(await axe(p), [])
		await p.getByRole('link', { name: '没有' }).click()
		await p.getByText('加水到最高水位线').waitFor()
		await p.getByRole('button', { name: '有帮助', exact: true }).click()
		await p.getByText('谢谢，我们记下了。').waitFor()
		await reader.close()
	}
	assert.equal((await entry(`T-${stamp}`)).head.helpful, 2)
})

test('a video and a manual are dropped into the words, the video gets its first picture, and readers have both', async () => {
	const { code } = await fault()
	await go(`/knowledge/${code}`)
	const film = { name: `换滤网 ${stamp}.mp4`, type: 'video/mp4', base64: Buffer.concat([Buffer.from('000000146674797069736f6d0000020069736f6d000001986d646174', 'hex'), Buffer.alloc(400)]).toString('base64') }
	const manual = { name: `说明书 ${stamp}.pdf`, type: 'application/pdf', base64: Buffer.from('%PDF-1.4\n').toString('base64') }
	const data = await page.evaluateHandle((files) => {
		const dropped = new DataTransfer()
		for (const f of files) dropped.items.add(new File([Uint8Array.from(atob(f.base64), (c) => c.charCodeAt(0))], f.name, { type: f.type }))
		return dropped
	}, [film, manual])
	const words = page.getByLabel('正文', { exact: true })
	await words.dispatchEvent('drop', { dataTransfer: data })
	await until(async () => /!\[换滤网 \d+\]\(file:\d+\)[^]*!\[说明书 \d+\.pdf\]\(file:\d+\)|!\[说明书[^]*!\[换滤网/.test(await words.inputValue()))
	await button('预览').first().click()
	const preview = page.getByRole('region', { name: '预览 正文' })
	await preview.locator('video[controls]').waitFor()
	await preview.getByRole('link', { name: `说明书 ${stamp}.pdf` }).waitFor()
	await button('选封面').focus()
	await giveFile(page, { name: '封面.png', mimeType: 'image/png', buffer: readFileSync(join(root, 'docs/console.png')) })
	await preview.locator('video[poster]').waitFor()
	assert.deepEqual(await axe(page), [])
	await button('保存并发布').click()
	await until(async () => (await entry(code)).head.from === 'changed')
	await page.goto(at(`/help/article/${code}`))
	await page.locator('video[controls][poster]').waitFor()
	assert.equal(await page.locator('a.file').getAttribute('download'), '')
	assert.deepEqual(await axe(page), [])
	await api('POST', `/article/${(await entry(code)).row.id}/archive`, { version: (await entry(code)).row.version })
})

test('a snippet is placed from the menu, told where it stands, and stays while it does', async () => {
	const name = `服务电话 ${stamp}`
	const row = await api('POST', '/snippet', { name, text_zh: '拨打 400-800-1234', text_en: '' })
	const code = `S-${stamp}`
	await go('/knowledge/new?kind=faq')
	await page.getByLabel('编号', { exact: true }).fill(code)
	await page.getByLabel('标题', { exact: true }).fill(`怎么联系 ${stamp}`)
	const words = page.getByLabel('正文', { exact: true })
	await words.fill('请')
	await page.getByLabel('插入文字片段…').first().selectOption(name)
	await until(async () => (await words.inputValue()) === `请{{snippet.${name}}}`)
	await button('预览').first().click()
	await page.getByRole('region', { name: '预览 正文' }).getByText('请拨打 400-800-1234').waitFor()
	await button('保存草稿').click()
	await page.waitForURL(`**/knowledge/${code}`)
	await go(`/snippet/${row.id}`)
	await page.getByRole('link', { name: new RegExp(code) }).waitFor()
	await button('归档').click()
	await page.getByText('这些文章还在用这个片段').waitFor()
	assert.deepEqual(await axe(page), [])
})
