/* What follows a row: an event, and a gap of the stream in which events were missed. */
import { beforeEach, expect, it, vi } from 'vitest'
import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'

type Heard = { onGap?: () => void }
let hear: (e: unknown) => void, heard: Heard
const one = vi.fn(async () => ({ id: '1', version: 1 }))
vi.mock('../app/api', () => ({ client: { one }, stream: { subscribe: (_topic: string, run: (e: unknown) => void, more: Heard) => { hear = run; heard = more; return () => {} } } }))
const { useRecord } = await import('./use_record')
beforeEach(() => { one.mockClear() })

it('tells of events and of gaps, and reads the row again after each', () => {
	const onEvent = vi.fn(), onGap = vi.fn()
	mount(defineComponent({ setup() { useRecord('conversation', '1', { onEvent, onGap }); return () => h('p') } }))
	hear({ id: '1' })
	expect([one.mock.calls.length, onEvent.mock.calls.length, onGap.mock.calls.length]).toEqual([2, 1, 0])
	heard.onGap!()
	expect([one.mock.calls.length, onEvent.mock.calls.length, onGap.mock.calls.length]).toEqual([3, 1, 1])
})
