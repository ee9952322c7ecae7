import { describe, expect, it } from 'vitest'
import { linkParts } from './links'

describe('links in a message', () => {
	it('end before Chinese punctuation', () => {
		expect(linkParts('进度见 http://127.0.0.1:8080/h5/t/abc，如有疑问请回电。')).toEqual([
			{ text: '进度见 ' }, { text: 'http://127.0.0.1:8080/h5/t/abc', link: 'http://127.0.0.1:8080/h5/t/abc' }, { text: '，如有疑问请回电。' },
		])
	})
	it('are never made of other schemes', () => {
		expect(linkParts('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)' }])
	})
})
