import { expect, test } from 'vitest'
import { inserted, markOf, videosIn, withPoster } from './files'

test('a file is named by what readers need of it', () => {
	expect(markOf({ name: '滤网[1].png', type: 'image/png' }, '12')).toBe('![滤网1](file:12)')
	expect(markOf({ name: '换滤网.mp4', type: 'video/mp4' }, '13')).toBe('![换滤网](file:13)')
	expect(markOf({ name: '说明书 A1.pdf', type: 'application/pdf' }, '14')).toBe('![说明书 A1.pdf](file:14)')
	expect(inserted('ab', 1, '!')).toBe('a\n\n!\nb')
})

test('a video has one first picture, and none again', () => {
	const html = '<p><video controls src="/api/v1/file/12/content" aria-label="换滤网"></video><video src="/api/v1/file/13/content" poster="/api/v1/file/9/content" aria-label=""></video></p>'
	expect(videosIn(html)).toEqual([{ id: '12', words: '换滤网', poster: false }, { id: '13', words: '', poster: true }])
	const text = '![a](file:12) ![b](file:120) ![c](file:12 "file:9")'
	expect(withPoster(text, '12', '7')).toBe('![a](file:12 "file:7") ![b](file:120) ![c](file:12 "file:7")')
	expect(withPoster(text, '12', null)).toBe('![a](file:12) ![b](file:120) ![c](file:12)')
})
