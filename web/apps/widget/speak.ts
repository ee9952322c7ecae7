/* Speaking instead of writing: a button, and while it records a line with the time, to end it or to throw it away. */
import { canRecord, clockText, Player, Recording, VOICE_MOST_S } from '../../shared/voice'
import { h, icon } from './dom'
import type { Say } from './words'

export class Speak {
	readonly button: HTMLButtonElement
	readonly bar: HTMLElement
	private readonly time = h('span', { role: 'timer' })
	private readonly say: Say
	private readonly take: (file: File) => void
	private readonly tell: (words: string) => void
	private readonly changed: () => void
	private recording: Recording | null = null
	private asking = 0      // the number of a question to her that is still open
	private asked = 0

	constructor(say: Say, take: (file: File) => void, tell: (words: string) => void, changed: () => void) {
		this.say = say
		this.take = take
		this.tell = tell
		this.changed = changed
		this.button = h('button', { type: 'button', class: 'tool', 'aria-label': say('mic'), click: () => void this.begin() }, icon('mic'))
		this.bar = h('div', { class: 'record', hidden: true, role: 'group', 'aria-label': say('mic') }, this.time,
			h('button', { type: 'button', class: 'quiet', click: () => this.leave() }, say('cancel')),
			h('button', { type: 'button', class: 'go', click: () => void this.end() }, say('done')))
	}
	hide(hidden: boolean): void {
		this.button.hidden = hidden || !canRecord() || this.recording !== null
		this.bar.hidden = !this.recording
	}
	private async begin(): Promise<void> {
		if (this.asking || this.recording) return
		const mine = this.asking = ++this.asked
		try {
			const begun = await Recording.begin((s) => this.draw(s), () => void this.end())
			if (this.asking !== mine) return begun.cancel()      // allowed after she had closed the chat
			this.recording = begun
			this.draw(0)
			this.changed()
			this.bar.querySelector<HTMLElement>('.go')?.focus()
		} catch { if (this.asking === mine) this.tell(this.say('noMic')) } finally { if (this.asking === mine) this.asking = 0 }
	}
	private draw(s: number): void {
		this.time.textContent = this.say('recording', { at: clockText(s), most: clockText(VOICE_MOST_S) })
	}
	/* Nobody speaks any more, nor is asked to be heard. */
	drop(): void {
		this.asking = 0
		this.recording?.cancel()
		this.recording = null
		this.time.textContent = ''
	}
	private leave(): void {
		this.drop()
		this.changed()
		this.button.focus()
	}
	private async end(): Promise<void> {
		const recording = this.recording
		if (!recording) return
		this.recording = null
		this.time.textContent = ''
		this.take(await recording.stop(this.say('voice')))
		this.changed()
	}
}

/* Plays and stops; what cannot be played here is saved. */
export function voiceButton(say: Say, seconds: number, load: () => Promise<Blob>, save: () => void): HTMLElement {
	const words = seconds ? `${say('voice')} ${seconds}″` : say('voice')
	const draw = (on: boolean) => {
		button.replaceChildren(icon(on ? 'stop' : 'play'), h('span', {}, seconds ? `${seconds}″` : say('voice')))
		button.setAttribute('aria-label', say(on ? 'stop' : 'play', { n: words }))
	}
	const button: HTMLButtonElement = h('button', { type: 'button', class: 'doc voice', click: () => {
		void player.press().catch(save)
	} })
	const player = new Player(load, draw)
	draw(false)
	return button
}
