/* Pictures in Markdown from elsewhere: which come along, which are left out. */
import { expect, test } from 'vitest'
import { lift, named, settled } from './pictures'

const PNG = [0x89, 0x50, 0x4e, 0x47, 1, 2]
const data = `data:image/png;base64,${btoa(String.fromCharCode(...PNG))}`
const beside = async (path: string) => (path === 'img/滤网.png' ? new Uint8Array(PNG) : path === 'x.svg' ? new Uint8Array([60, 115]) : null)

test('data and what lies beside are taken along, once each', async () => {
	const got = await lift(`a ![滤网](img/%E6%BB%A4%E7%BD%91.png "说明") b ![](${data}) c ![再一次](<img/滤网.png>) <img alt="[图]" src="img/滤网.png">`, beside)
	expect(got.text).toBe('a ![滤网](picture:0) b ![](picture:1) c ![再一次](picture:2) ![图](picture:2)')
	expect(got.files.map((f) => [f.name, f.type, f.size])).toEqual([['picture-1.png', 'image/png', 6], ['picture-2.png', 'image/png', 6], ['picture-3.png', 'image/png', 6]])
	expect(got.lost).toBe(0)
})

test('addresses elsewhere, what is no picture and what is not there are left out and counted', async () => {
	const got = await lift('a![1](https://a.cn/x.png)![2](//a.cn/x.png)![3](x.svg)![4](no.png)![5](data:image/svg+xml;base64,PHN2Zz4=)![6](javascript:alert(1))<img src="file:///etc/passwd">![7](data:text/html,x)b', beside)
	expect(got).toEqual({ text: 'ab', files: [], lost: 8 })
})

test('what the company holds already is left as it is, and links are links', async () => {
	const text = '![x](file:12) [见](picture:0) \\[x\\]'
	expect(await lift(text, beside)).toEqual({ text, files: [], lost: 0 })
	expect(settled('![a\\]](picture:0) [见](picture:0) ![b](picture:1)', ['77', null])).toBe('![a\\]](file:77) [见](picture:0) ')
})

test('a file brings 40 pictures at most', async () => {
	const many = Array.from({ length: 42 }, (_, i) => `![](data:image/png;base64,${btoa(String.fromCharCode(...PNG, i))})`).join('')
	const got = await lift(many, beside)
	expect([got.files.length, got.lost]).toEqual([40, 2])
})

test('a part of a text takes the files along that it names, by numbers of its own', () => {
	const files = ['a', 'b', 'c'].map((name) => new File([], name))
	expect(named('![x](picture:2) ![y](picture:0) ![x](picture:2)', files)).toEqual({ text: '![x](picture:0) ![y](picture:1) ![x](picture:0)', files: [files[2], files[0]] })
	expect(named('![x](file:7) ![x](picture:9)', files)).toEqual({ text: '![x](file:7) ![x](picture:9)', files: [] })
})
