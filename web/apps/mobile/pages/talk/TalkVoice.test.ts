/* Leaving the page while the browser still asks for the microphone leaves it off. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'

const track = { stop: vi.fn() }
let allow = () => {}
vi.stubGlobal('MediaRecorder', class {
	static isTypeSupported = () => true
	state = 'inactive'
	onstop: (() => void) | null = null
	start() { this.state = 'recording' }
	stop() { this.state = 'inactive'; this.onstop?.() }
})
vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => new Promise((done) => { allow = () => done({ getTracks: () => [track] }) }) } })
vi.mock('../../lib/part', () => ({ newPart: vi.fn(), uploadPart: vi.fn() }))
const TalkVoice = (await import('./TalkVoice.vue')).default

it.each(['while it is asked for', 'while she speaks'])('is off once she left %s', async (when) => {
	track.stop.mockClear()
	const page = mount(TalkVoice, { props: { modelValue: null } })
	await page.get('button').trigger('click')
	if (when === 'while she speaks') allow()
	await flushPromises()
	expect(page.find('[role=timer]').exists()).toBe(when === 'while she speaks')
	page.unmount()
	allow()
	await flushPromises()
	expect(track.stop).toHaveBeenCalledTimes(1)
})
