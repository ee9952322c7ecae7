/* What hints and findings say where there are no words of our own, and where there is nothing to go to. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import { ownTexts, useLang } from '@shared/i18n'

const hint = (kind: string) => ({ kind, rule: { zh: '自定规则', en: 'Own rule' }, message_no: 1 })
const get = vi.fn(async () => ({ items: [hint('silence'), hint('anything')], look_at: null }))
vi.mock('../../app/api', () => ({ client: { get } }))
vi.mock('../../app/session', () => ({ useSession: () => ({ now: 0 }) }))
ownTexts({ zh: () => import('../../i18n/zh-CN'), en: () => import('../../i18n/en') })
await useLang('zh')
const HintLine = (await import('./HintLine.vue')).default
const FindingList = (await import('./FindingList.vue')).default

it('a hint of a kind without words of its own is told by the name of its rule', async () => {
	const line = mount(HintLine, { props: { id: '1', stamp: '1' } })
	await flushPromises()
	const said = line.findAll('span').map((one) => one.text())
	expect(said[1]).toBe('自定规则')
	expect(said[0]).not.toBe('自定规则')
	line.unmount()
})

it('a finding leads to its message only where the messages stand beside it', () => {
	const findings = [{ no: 1, message_no: 3, rule: '承诺', weight: 5 }] as never[]
	const buttons = (linked: boolean) => mount(FindingList, { props: { findings, verdicts: {}, judging: false, linked } }).findAll('button').length
	expect([buttons(true), buttons(false)]).toEqual([1, 0])
})
