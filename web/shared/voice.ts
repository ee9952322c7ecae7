/* A voice message: recorded once the person has allowed it, at most a minute, heard before it is sent; and how one is played. Its name says how long it
 * is: what a browser records says so only at its end. Sound is decoded and played by the page itself, so a policy that allows no media from elsewhere
 * (a shop's page) does not stop it. */
export const VOICE_MOST_S = 60

const kinds = [{ type: 'audio/webm;codecs=opus', ending: 'webm' }, { type: 'audio/mp4', ending: 'm4a' }]
const kind = () => kinds.find((one) => MediaRecorder.isTypeSupported(one.type))

export const canRecord = (): boolean => typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices?.getUserMedia) && Boolean(kind())
export const isVoice = (type: string): boolean => type.startsWith('audio/')
/* Seconds, as the name says; 0: it says nothing. */
export const lengthOf = (name: string): number => Number(/-(\d{1,2})s\.\w+$/.exec(name)?.[1] ?? 0)
export const clockText = (s: number): string => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`

function letGo(stream: MediaStream): void {
	for (const track of stream.getTracks()) track.stop()
}

export class Recording {
	private readonly pieces: Blob[] = []
	private readonly began = performance.now()
	private readonly recorder: MediaRecorder
	private readonly stream: MediaStream
	private readonly timer: number
	private readonly done: Promise<void>

	/* tick: each second; full: the longest time is over, and it has stopped. */
	private constructor(stream: MediaStream, tick: (s: number) => void, full: () => void) {
		this.stream = stream
		this.recorder = new MediaRecorder(stream, { mimeType: kind()!.type, audioBitsPerSecond: 24_000 })
		this.recorder.ondataavailable = (e) => { if (e.data.size) this.pieces.push(e.data) }
		this.done = new Promise((ready) => { this.recorder.onstop = () => ready() })
		this.recorder.start()
		this.timer = window.setInterval(() => {
			tick(this.seconds)
			if (this.seconds >= VOICE_MOST_S) full()
		}, 250)
	}
	/* Rejects when the person, or the page's policy, does not allow it. */
	static async begin(tick: (s: number) => void, full: () => void): Promise<Recording> {
		const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
		try { return new Recording(stream, tick, full) } catch (error) {
			letGo(stream)
			throw error
		}
	}
	get seconds(): number { return Math.min(VOICE_MOST_S, (performance.now() - this.began) / 1000) }
	private async end(): Promise<void> {
		clearInterval(this.timer)
		if (this.recorder.state !== 'inactive') this.recorder.stop()
		await this.done
		letGo(this.stream)
	}
	async stop(title: string): Promise<File> {
		const length = Math.max(1, Math.round(this.seconds))
		await this.end()
		const { type, ending } = kind()!
		return new File(this.pieces, `${title}-${Math.min(length, VOICE_MOST_S)}s.${ending}`, { type })
	}
	cancel(): void { void this.end() }
}

let playing: (() => void) | null = null      // stops what plays, or loads to play

/* One voice message that is played and stopped. It is loaded once however often it is pressed, nothing else sounds beside it, and nothing sounds once it was stopped. */
export class Player {
	private readonly load: () => Promise<Blob>
	private readonly changed: (on: boolean) => void
	private context: AudioContext | null = null     // from the press until it ends
	private sounds = false

	constructor(load: () => Promise<Blob>, changed: (on: boolean) => void) {
		this.load = load
		this.changed = changed
	}
	/* Rejects what cannot be loaded, or what this browser cannot decode. */
	async press(): Promise<void> {
		if (this.sounds) return this.stop()
		if (this.context) return
		playing?.()
		playing = this.stop
		const context = this.context = new AudioContext()
		try {
			const buffer = await context.decodeAudioData(await (await this.load()).arrayBuffer())
			if (this.context !== context) return
			const source = context.createBufferSource()
			source.buffer = buffer
			source.connect(context.destination)
			source.onended = () => { if (this.context === context) this.stop() }
			source.start()
			this.sounds = true
			this.changed(true)
		} catch (error) {
			if (this.context !== context) return
			this.stop()
			throw error
		}
	}
	/* Also while it loads. */
	readonly stop = (): void => {
		if (playing === this.stop) playing = null
		void this.context?.close().catch(() => undefined)
		this.context = null
		if (!this.sounds) return
		this.sounds = false
		this.changed(false)
	}
}
/* Nothing sounds any more. */
export const hush = (): void => playing?.()
