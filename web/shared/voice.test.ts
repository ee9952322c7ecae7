/* The microphone is let go of whatever happens, and a message sounds once, and not when nobody is there any more. */
import { beforeEach, expect, it, vi } from 'vitest'
import { hush, Player, Recording } from './voice'
import { microphone } from './voice_stub'

let mic: ReturnType<typeof microphone>
const sounds: { onended: (() => void) | null }[] = []
class Sound {
	destination = {}
	decodeAudioData = async () => ({})
	createBufferSource() { const one = { onended: null, connect() {}, start() { sounds.push(one) } }; return one }
	close = async () => {}
}
beforeEach(() => {
	sounds.length = 0
	mic = microphone('at once')
	vi.stubGlobal('AudioContext', Sound)
})
const passing = () => new Promise((done) => setTimeout(done))

it('lets go of the microphone where recording does not begin', async () => {
	mic.starts = () => { throw new Error('no encoder') }
	await expect(Recording.begin(() => {}, () => {})).rejects.toThrow('no encoder')
	expect(mic.stop).toHaveBeenCalledTimes(1)
})

it('lets go of it when what was recorded is thrown away', async () => {
	const one = await Recording.begin(() => {}, () => {})
	one.cancel()
	await passing()
	expect(mic.stop).toHaveBeenCalledTimes(1)
})

function player() {
	let give: (blob: Blob) => void = () => {}
	const load = vi.fn(() => new Promise<Blob>((done) => { give = done })), changed = vi.fn()
	return { one: new Player(load, changed), load, changed, give: async () => { give(new Blob(['x'])); await passing() } }
}

it('loads once however often it is pressed, plays, and stops', async () => {
	const { one, load, changed, give } = player()
	void one.press()
	void one.press()
	await give()
	expect([load.mock.calls.length, sounds.length, changed.mock.calls]).toEqual([1, 1, [[true]]])
	await one.press()
	expect(changed.mock.calls).toEqual([[true], [false]])
})

it('does not sound once its page is gone', async () => {
	const { one, changed, give } = player()
	void one.press()
	one.stop()
	await give()
	expect([sounds.length, changed.mock.calls.length]).toEqual([0, 0])
})

it('is alone: another one, or nobody there, ends it', async () => {
	const a = player(), b = player()
	void a.one.press()
	await a.give()
	void b.one.press()
	await b.give()
	expect([a.changed.mock.calls, b.changed.mock.calls]).toEqual([[[true], [false]], [[true]]])
	hush()
	expect(b.changed.mock.calls).toEqual([[true], [false]])
	sounds[0].onended?.()
	expect(b.changed.mock.calls.length).toBe(2)
})
