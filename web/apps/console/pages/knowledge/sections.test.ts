/* Long documents as several articles. */
import { expect, test } from 'vitest'
import { fits } from './markdown'
import { sections } from './sections'

const long = (n: number) => '字'.repeat(n)

test('what fits stays one, however many headings it has', () => {
	expect(sections('手册', '# 安装\n\n先放平\n\n# 清洗\n\n断电')).toEqual([{ title: '手册', body: '# 安装\n\n先放平\n\n# 清洗\n\n断电' }])
	expect(sections('手册', '')).toEqual([])
})

test('what is too long is cut at its highest headings, each part named by its own', () => {
	const body = `序言\n\n## 安装\n\n### 放平\n\n${long(5000)}\n\n## **清洗** [滤网](#a) ##\n\n${long(5000)}`
	expect(sections('手册', body)).toEqual([{ title: '手册', body: '序言' }, { title: '安装', body: `### 放平\n\n${long(5000)}` }, { title: '清洗 滤网', body: long(5000) }])
})

test('a part that is still too long is cut at the headings within it', () => {
	const body = `# 安装\n\n${long(100)}\n\n## 放平\n\n${long(6000)}\n\n## 接水\n\n${long(6000)}\n\n# 清洗\n\n断电`
	expect(sections('手册', body).map((s) => [s.title, s.body.length])).toEqual([['安装', 100], ['放平', 6000], ['接水', 6000], ['清洗', 2]])
})

test('one that no heading cuts comes out as it is, and is told apart by its length', () => {
	const found = sections('手册', `# 安装\n\n断电\n\n# 清洗\n\n${long(8001)}`)
	expect(found.map((s) => [s.title, fits(s.body)])).toEqual([['安装', true], ['清洗', false]])
	expect(sections('手册', long(9000))).toEqual([{ title: '手册', body: long(9000) }])
})

test('a heading without words is no part, and a # in code no heading', () => {
	const code = '```\n# 不是标题\n```'
	expect(sections('手册', `# 空\n\n# 命令\n\n${code}\n\n${long(7000)}\n\n# 清洗\n\n${long(2000)}`).map((s) => s.title)).toEqual(['命令', '清洗'])
})
