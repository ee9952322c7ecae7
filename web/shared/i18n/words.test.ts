import { describe, expect, it } from 'vitest'
import { inTerms, inWords, type Words } from './words'

const words: Words = {
	terms: { zh: [['服务单', '售后单'], ['设备', '商品']], en: [['tickets', 'requests'], ['ticket', 'request']] },
	labels: { 'ticket.state.new': { zh: '待审核', en: 'To be reviewed' } },
}

describe('words of an industry', () => {
	it('replaces terms wherever they stand in Chinese, as whole words in English, capitals kept', () => {
		expect(inTerms('新建服务单，选设备', 'zh', words.terms.zh)).toBe('新建售后单，选商品')
		expect(inTerms('Tickets of this ticket; ticketing', 'en', words.terms.en)).toBe('Requests of this request; ticketing')
	})
	it('leaves the names of values alone', () => {
		expect(inTerms('{ticket} of {n} tickets', 'en', words.terms.en)).toBe('{ticket} of {n} requests')
	})
	it('takes labels of states and scenes, and leaves devices for signing in as they are', () => {
		const said = inWords({ state: { new: '待受理', closed: '已关闭' }, settings: { device: '设备' }, title: '服务单' }, 'zh', words)
		expect(said).toEqual({ state: { new: '待审核', closed: '已关闭' }, settings: { device: '设备' }, title: '售后单' })
	})
})
