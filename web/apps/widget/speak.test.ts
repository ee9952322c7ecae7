/* The microphone does not stay on where the chat was closed: while she is asked, or while she speaks. */
import { beforeEach, expect, it } from 'vitest'
import { microphone } from '../../shared/voice_stub'
import { Speak } from './speak'
import { sayer } from './words'

let mic: ReturnType<typeof microphone>
beforeEach(() => { mic = microphone('later') })
const passing = () => new Promise((done) => setTimeout(done))
const speaker = () => {
	const one = new Speak(sayer('zh'), () => {}, () => {}, () => one.hide(false))
	return one
}

it('is let go of when it is allowed after the chat was closed', async () => {
	const one = speaker()
	one.button.click()
	one.drop()
	mic.allow()
	await passing()
	expect([mic.stop.mock.calls.length, one.bar.hidden]).toEqual([1, true])
})

it('is let go of when the chat is closed while she speaks, and asked for anew', async () => {
	const one = speaker()
	one.button.click()
	mic.allow()
	await passing()
	expect([mic.stop.mock.calls.length, one.bar.hidden]).toEqual([0, false])
	one.drop()
	await passing()
	expect(mic.stop).toHaveBeenCalledTimes(1)
	one.button.click()
	mic.allow()
	await passing()
	expect(one.bar.hidden).toBe(false)
	one.drop()
})
