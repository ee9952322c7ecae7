/*
 * A sound for what must not wait: once for each thing, in one of the person's tabs. Browsers let a page sound only after its person has
 * touched it; a tab that may not stays silent and leaves the sound to another. Off or on for each person on this computer.
 */
import { ref } from 'vue'
import { recall, remember } from '@shared/i18n'
import { useSession } from './session'

const KEPT = 40
const LOCK = 'anxin.sound'
const HELD_MS = 60_000
const TONES: [hertz: number, after: number][] = [[880, 0], [1175, 0.18]]
const LASTS = 0.16, LOUD = 0.2
let context: AudioContext | null = null

const place = () => `sound.${useSession().user?.id ?? ''}`
const turned = ref(0)
export function soundIsOn(): boolean {
	return turned.value >= 0 && recall(place()) !== '0'
}
export function turnSound(on: boolean): void {
	remember(place(), on ? '1' : '0')
	turned.value++
	if (on) play()
}

/* The first touch is what the browser waits for. */
function touched() {
	context ??= 'AudioContext' in window ? new AudioContext() : null
	if (context?.state === 'suspended') void context.resume()
}
if (typeof document !== 'undefined') for (const what of ['pointerdown', 'keydown']) document.addEventListener(what, touched, { capture: true, passive: true })

function play() {
	touched()
	if (context?.state !== 'running') return
	for (const [hertz, after] of TONES) {
		const tone = context.createOscillator(), volume = context.createGain(), at = context.currentTime + after
		tone.frequency.value = hertz
		volume.gain.setValueAtTime(LOUD, at)
		volume.gain.exponentialRampToValueAtTime(0.001, at + LASTS)
		tone.connect(volume).connect(context.destination)
		tone.start(at)
		tone.stop(at + LASTS)
	}
}

/* True for the first tab that asks, however much later. What another tab has only just written may not be read here yet. */
function claim(name: string): boolean {
	const kept = (recall('sounded') ?? '').split(' ').filter(Boolean)
	if (kept.includes(name)) return false
	remember('sounded', [...kept, name].slice(-KEPT).join(' '))
	return true
}

/* Something critical, by a name that is the same in all tabs. A lock is one over all of them at once: it is held until the others have asked. */
export async function soundOnce(name: string): Promise<void> {
	if (!soundIsOn() || context?.state !== 'running') return
	const one = () => { if (claim(name)) play() }
	if (!navigator.locks) return one()
	await navigator.locks.request(`${LOCK}.${name}`, { ifAvailable: true }, async (lock) => {
		if (!lock) return
		one()
		await new Promise((done) => setTimeout(done, HELD_MS))
	})
}
