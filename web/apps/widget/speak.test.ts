/* The microphone does not stay on where the chat was closed: while she is asked, or while she speaks. */
import { beforeEach, expect, it, vi } from 'vitest'
import { Speak } from './speak'
import { sayer } from './words'

const track = { stop: vi.fn() }
let allow: () => void
beforeEach(() => {
	track.stop.mockClear()
	vi.stubGlobal('MediaRecorder', class {
		static isTypeSupported = () => true
		state = 'inactive'
		onstop: (() => void) | null = null
		start() { this.state = 'recording' }
		stop() { this.state = 'inactive'; this.onstop?.() }
	})
	vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => new Promise((done) => { allow = () => done({ getTracks: () => [track] }) }) } })
})
const passing = () => new Promise((done) => setTimeout(done))
const speaker = () => {
	const one = new Speak(sayer('zh'), () => {}, () => {}, () => one.hide(false))
	return one
}

it('is let go of when it is allowed after the chat was closed', async () => {
	const one = speaker()
	one.button.click()
	one.drop()
	allow()
	await passing()
	expect([track.stop.mock.calls.length, one.bar.hidden]).toEqual([1, true])
})

it('is let go of when the chat is closed while she speaks, and asked for anew', async () => {
	const one = speaker()
	one.button.click()
	allow()
	await passing()
	expect([track.stop.mock.calls.length, one.bar.hidden]).toEqual([0, false])
	one.drop()
	await passing()
	expect(track.stop).toHaveBeenCalledTimes(1)
	one.button.click()
	allow()
	await passing()
	expect(one.bar.hidden).toBe(false)
	one.drop()
})
