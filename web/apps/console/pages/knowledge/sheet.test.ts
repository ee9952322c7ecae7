/* Sheets of articles: what a row becomes, and which are refused. */
import { expect, test } from 'vitest'
import { readSheet } from './sheet'

const none = () => false

test('a row is a draft with how customers ask for it', () => {
	const read = readSheet('标题,正文,编号,相似问法\n滤网怎么洗,"1. 取下\n2. 冲洗",F-1,滤网脏了；多久洗滤网；滤网脏了\n,\n只有标题,,,', none)
	expect(read).toMatchObject([
		{ row: 2, read: { draft: { code: 'F-1', kind: 'faq', title_zh: '滤网怎么洗', body_zh: '1. 取下\n2. 冲洗' }, phrasings: ['滤网脏了', '多久洗滤网'] } },
		{ row: 4, read: { wrong: 'empty' } },
	])
})

test('codes that are missing or given are made anew, and a head that says nothing is refused', () => {
	expect(readSheet('标题,正文,编号\n一,甲,A\n二,乙,A\n三,丙,', (c) => c === 'doc')!.map((r) => 'draft' in r.read && r.read.draft.code)).toEqual(['A', 'A-1', 'doc-1'])
	expect(readSheet('a,b\n1,2', none)).toBeNull()
})
