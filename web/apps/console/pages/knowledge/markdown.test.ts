/* Files of Markdown as drafts: what becomes title, words and code, and what is refused. */
import { expect, test } from 'vitest'
import { codeOf, drafted, titled } from './markdown'

const none = () => false
function read(name: string, text: string) {
	const { title, body } = titled(name, text)
	return drafted(name, title, body, none)
}

test('the first heading is the title and the rest the words, without the head of a site generator', () => {
	expect(read('filter-care.md', '\uFEFF---\ntags: [a]\n---\n# 滤网怎么洗 #\r\n\r\n1. 取下\r\n2. 冲洗\r\n')).toMatchObject({ draft: { code: 'filter-care', kind: 'article', title_zh: '滤网怎么洗', body_zh: '1. 取下\n2. 冲洗' } })
	expect(read('开机.md', '按住 3 秒')).toMatchObject({ draft: { title_zh: '开机', body_zh: '按住 3 秒' } })
})

test('what says nothing and what is too long is refused', () => {
	expect(read('a.md', '# 只有标题\n')).toEqual({ wrong: 'empty' })
	expect(read('a.md', '字'.repeat(8001))).toEqual({ wrong: 'long' })
})

test('codes are made of the name, and told apart by a number', () => {
	const taken = new Set(['doc-1', 'a-b'])
	expect(codeOf('滤网.md', (c) => taken.has(c))).toBe('doc-2')
	expect(codeOf('a b.md', (c) => taken.has(c))).toBe('a-b-1')
	expect(codeOf('__x.md', none)).toBe('x')
})
