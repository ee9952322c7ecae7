/* Leaving the page while the browser still asks for the microphone leaves it off. */
import { expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import { microphone } from '@shared/voice_stub'

const mic = microphone('later')
vi.mock('../../lib/part', () => ({ newPart: vi.fn(), uploadPart: vi.fn() }))
const TalkVoice = (await import('./TalkVoice.vue')).default

it.each(['while it is asked for', 'while she speaks'])('is off once she left %s', async (when) => {
	mic.stop.mockClear()
	const page = mount(TalkVoice, { props: { modelValue: null } })
	await page.get('button').trigger('click')
	if (when === 'while she speaks') mic.allow()
	await flushPromises()
	expect(page.find('[role=timer]').exists()).toBe(when === 'while she speaks')
	page.unmount()
	mic.allow()
	await flushPromises()
	expect(mic.stop).toHaveBeenCalledTimes(1)
})
