/* The chat on the screen: a button, and a panel with what was said and a line to write. In a shadow root; by mouse, by keyboard and read aloud. */
import { Refused } from './api'
import { Before, proofCard, ratingCard } from './cards'
import type { Chat } from './chat'
import type { Config, Unsent } from './contract'
import { h, icon } from './dom'
import { hush, lengthOf } from '../../shared/voice'
import { Speak, voiceButton } from './speak'
import { sheetText } from './style'
import { Thread } from './thread'
import { sayer, sizeText, timeText, type Lang } from './words'

const MOST = 2000
const FILES = 9

export interface ViewOptions { chat: Chat; config: Config; lang: Lang; colour: string; inline: boolean; theme?: string; opened?: (open: boolean) => void }

interface Clip { name: string; id: string; share: number; el: HTMLElement }

export class View {
	readonly root: HTMLElement
	private readonly o: ViewOptions
	private readonly say
	private readonly thread: Thread
	private readonly before: Before
	private readonly launch: HTMLButtonElement
	private readonly badge: HTMLElement
	private readonly panel: HTMLElement
	private readonly log: HTMLElement
	private readonly older: HTMLButtonElement
	private readonly note: HTMLElement
	private readonly extra: HTMLElement
	private readonly menu: HTMLElement
	private readonly cut: HTMLElement
	private readonly area: HTMLTextAreaElement
	private readonly goButton: HTMLButtonElement
	private readonly attach: HTMLButtonElement
	private readonly speak: Speak
	private readonly clips: HTMLElement
	private clipped: Clip[] = []
	private rated = ''
	private isOpen: boolean

	constructor(o: ViewOptions) {
		this.o = o
		const say = this.say = sayer(o.lang)
		const { config, chat } = o
		const title = config.title[o.lang]
		this.isOpen = o.inline
		this.thread = new Thread({ chat, lang: o.lang, say, press: (words) => { this.down(); void chat.send(words, [], this.before.said).then(() => this.area.focus()) } })
		this.before = new Before({ chat, lang: o.lang, say }, () => this.draw())
		this.badge = h('span', { class: 'badge', hidden: true })
		this.launch = h('button', { type: 'button', class: 'launch', 'aria-haspopup': 'dialog', click: () => this.show(true) }, icon('chat'), h('span', {}, title), this.badge)
		this.older = h('button', { type: 'button', class: 'link', hidden: true, click: () => void chat.showOlder() }, say('older'))
		this.note = h('p', { class: 'note', role: 'status' })
		this.extra = h('div')
		const greeting = (config.open ? config.greeting : config.away)[o.lang]
		this.log = h('div', { class: 'log', tabindex: 0, role: 'log', 'aria-label': say('log') }, this.older, greeting ? h('p', { class: 'hello' }, greeting) : null, this.before.el, this.thread.list, this.note, this.extra)
		this.menu = this.makeMenu()
		this.cut = h('p', { class: 'lost', role: 'status', hidden: true }, say('lost'))
		this.area = h('textarea', { rows: 1, maxlength: MOST, 'aria-label': say('write'), placeholder: config.open ? say('write') : say('leave'), input: () => { chat.typing(); this.draw() }, keydown: (e: KeyboardEvent) => this.key(e), paste: (e: ClipboardEvent) => this.paste(e) })
		this.goButton = h('button', { type: 'submit', class: 'go', 'aria-label': say('send') }, icon('send'))
		const picker = h('input', { type: 'file', multiple: true, class: 'unseen', tabindex: -1, 'aria-hidden': 'true', change: () => { this.take([...picker.files ?? []]); picker.value = '' } })
		this.attach = h('button', { type: 'button', class: 'tool', 'aria-label': say('attach'), click: () => picker.click() }, icon('clip'))
		this.speak = new Speak(say, (file) => void this.clip(file, true), (words) => this.tell(words), () => this.draw())
		this.clips = h('div', { class: 'clips', hidden: true })
		const dots = h('button', { type: 'button', class: 'tool', 'aria-label': say('menu'), 'aria-expanded': 'false', click: () => { this.menu.hidden = !this.menu.hidden; dots.setAttribute('aria-expanded', String(!this.menu.hidden)) } }, icon('dots'))
		this.panel = h('section', { class: 'panel', role: o.inline ? 'region' : 'dialog', 'aria-label': title, hidden: !o.inline, keydown: (e: KeyboardEvent) => { if (e.key === 'Escape' && !o.inline && !e.isComposing) this.show(false) } },
			h('header', { class: 'head' }, h('div', { class: 'name' }, h('h2', {}, title), h('p', {}, config.company.name)), dots, h('button', { type: 'button', class: 'tool fold', 'aria-label': say('close'), click: () => this.show(false) }, icon('down'))),
			this.menu, this.cut, this.log,
			h('form', { class: 'foot', novalidate: true, submit: (e: SubmitEvent) => { e.preventDefault(); void this.send() } }, this.clips, this.speak.bar, h('div', { class: 'write' }, this.attach, picker, this.speak.button, this.area, this.goButton)))
		this.root = h('div', { class: o.inline ? 'root inline' : 'root', lang: o.lang === 'zh' ? 'zh-CN' : 'en', 'data-theme': o.theme ?? null }, o.inline ? null : this.launch, this.panel)
		chat.onChange = () => this.draw()
		chat.looked = () => this.isOpen && !document.hidden
		document.addEventListener('visibilitychange', () => void chat.mark().catch(() => undefined))
	}

	/* Where the browser has no sheets of its own for shadow roots, an ordinary one. */
	dress(shadow: ShadowRoot): void {
		const text = sheetText(this.o.colour, this.o.config.side)
		try {
			const sheet = new CSSStyleSheet()
			sheet.replaceSync(text)
			shadow.adoptedStyleSheets = [sheet]
		} catch {
			shadow.append(h('style', {}, text))
		}
	}

	/* The microphone and what sounds end with the chat on the screen. */
	quiet(): void {
		this.speak.drop()
		hush()
	}
	show(open: boolean): void {
		if (!open) this.quiet()
		this.isOpen = open
		this.panel.hidden = !open
		this.launch.hidden = open
		this.o.opened?.(open)
		this.draw()
		if (open) {
			this.down()
			this.area.focus()
			void this.o.chat.mark().catch(() => undefined)
		} else {
			this.launch.focus()
		}
	}

	private makeMenu(): HTMLElement {
		const { say } = this
		const { chat, config } = this.o
		const prove = h('button', { type: 'button', class: 'link', click: () => this.prove() }, say('prove'))
		const end = h('button', { type: 'button', class: 'link', 'data-end': true, click: () => this.askEnd() }, say('end'))
		const hotline = config.company.hotline ? h('span', { class: 'meta' }, say('call', { phone: config.company.hotline })) : null
		void chat
		return h('div', { class: 'menu row', hidden: true }, prove, end, hotline)
	}
	private prove(): void {
		this.menu.hidden = true
		const { chat, lang } = this.o
		this.extra.replaceChildren(proofCard({ chat, lang, say: this.say }, (name) => {
			this.extra.replaceChildren(h('p', { class: 'note', role: 'status' }, this.say('proved', { name })))
			this.draw()
		}))
		this.extra.querySelector('input')?.focus()
		this.down()
	}
	private askEnd(): void {
		const { say } = this
		this.menu.hidden = true
		const yes = h('button', { type: 'button', class: 'go', click: () => { this.extra.replaceChildren(); void this.o.chat.end().catch(() => undefined).then(() => this.down()) } }, say('yes'))
		this.extra.replaceChildren(h('div', { class: 'card', role: 'group', 'aria-label': say('endSure') }, h('p', {}, say('endSure')), h('div', { class: 'row' }, yes, h('button', { type: 'button', class: 'quiet', click: () => { this.extra.replaceChildren(); this.area.focus() } }, say('no')))))
		this.down()
		yes.focus()
	}

	/* An input method's own Enter chooses a word. */
	private key(e: KeyboardEvent): void {
		if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return
		e.preventDefault()
		void this.send()
	}
	private paste(e: ClipboardEvent): void {
		const files = [...e.clipboardData?.files ?? []]
		if (!files.length || this.attach.hidden) return
		e.preventDefault()
		this.take(files)
	}
	private take(files: File[]): void {
		for (const file of files.slice(0, FILES - this.clipped.length)) void this.clip(file)
	}
	private async clip(file: File, spoken = false): Promise<void> {
		const { chat, config } = this.o
		if (file.size > config.file_most) return this.tell(this.say('tooLarge', { name: file.name, most: sizeText(config.file_most) }))
		const share = h('span', { class: 'meta' })
		const one: Clip = { name: file.name, id: '', share: 0, el: h('span', { class: 'clip' }, spoken ? voiceButton(this.say, lengthOf(file.name), () => Promise.resolve(file), () => undefined) : h('b', {}, file.name), share, h('button', { type: 'button', 'aria-label': `${this.say('remove')} ${file.name}`, click: () => this.unclip(one) }, icon('close'))) }
		this.clipped.push(one)
		this.clips.append(one.el)
		this.draw()
		try {
			one.id = await chat.upload(file, (done) => { share.textContent = done < 1 ? `${Math.round(done * 100)}%` : '' })
			share.textContent = ''
		} catch (e) {
			this.unclip(one)
			this.tell(this.say('refusedFile', { name: file.name, why: e instanceof Refused && e.message ? e.message : this.say('trouble') }))
		}
		this.draw()
	}
	private unclip(one: Clip): void {
		one.el.remove()
		this.clipped = this.clipped.filter((x) => x !== one)
		this.draw()
	}
	private tell(words: string): void {
		this.extra.replaceChildren(h('p', { class: 'note bad', role: 'alert' }, words))
		this.down()
	}

	private get ready(): boolean { return this.clipped.every((c) => c.id) && (this.clipped.length > 0 || Boolean(this.area.value.trim())) }
	private async send(): Promise<void> {
		const { chat } = this.o
		if (!this.ready || (chat.isNew && !this.before.check())) return
		const text = this.area.value.trim()
		const files: Unsent['files'] = this.clipped.map((c) => ({ id: c.id, name: c.name }))
		this.area.value = ''
		this.clipped = []
		this.clips.replaceChildren()
		this.extra.replaceChildren()
		this.down()
		await chat.send(text, files, this.before.said)
		this.area.focus()
	}

	private down(): void {
		requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight })
	}
	private drawNote(): void {
		const { chat, config, lang } = this.o
		const k = chat.current?.conversation
		const time = (at: number) => timeText(at, chat.now, lang)
		let words = ''
		if (chat.trouble) words = this.say('trouble')
		else if (chat.typer !== null) words = `${chat.typer || this.say('service')} ${this.say('typing')}`
		else if (k?.state === 'bot') words = ''
		else if (k?.state === 'closed') words = this.say('closed')
		else if (k?.state === 'waiting' && k.queue?.opens_at) words = this.say('opensAt', { time: time(k.queue.opens_at) })
		else if (k?.state === 'waiting' && k.queue?.place) words = this.say(k.queue.wait_ms === null ? 'place' : 'placeWait', { n: k.queue.place, minutes: Math.max(1, Math.ceil((k.queue.wait_ms ?? 0) / 60_000)) })
		else if (k?.state === 'waiting') words = k.answer_by && k.answer_by > chat.now ? this.say('answerBy', { time: time(k.answer_by) }) : this.say('waiting')
		else if (!config.open && config.opens_at && !k) words = this.say('opensAt', { time: time(config.opens_at) })
		if (this.note.textContent !== words) this.note.textContent = words
		this.note.hidden = !words
	}
	private drawRating(): void {
		const { chat, lang } = this.o
		const k = chat.current?.conversation
		const state = k && k.state === 'closed' && k.can_rate ? `${k.id} ${k.rating}` : ''
		if (state === this.rated) return
		this.rated = state
		if (!state || !k) return this.extra.replaceChildren()
		this.extra.replaceChildren(k.rating ? h('p', { class: 'note', role: 'status' }, this.say('rated', { n: k.rating })) : ratingCard({ chat, lang, say: this.say }))
		this.down()
	}
	draw(): void {
		const { chat } = this.o
		const atFoot = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80
		const n = this.isOpen ? 0 : chat.unread
		this.badge.hidden = !n
		this.badge.textContent = n ? String(Math.min(n, 99)) : ''
		this.launch.setAttribute('aria-label', this.o.config.title[this.o.lang] + (n ? ` · ${n} ${this.say('unread')}` : ''))
		this.before.el.hidden = !chat.isNew || this.before.isEmpty
		this.older.hidden = !chat.older.length
		this.cut.hidden = !chat.cut
		this.clips.hidden = !this.clipped.length
		/* A file makes a file of hers, which needs what is asked before. */
		this.attach.hidden = chat.isNew && !this.before.isComplete
		this.speak.hide(this.attach.hidden || this.clipped.length >= FILES)
		this.goButton.setAttribute('aria-disabled', String(!this.ready))
		const k = chat.current?.conversation
		this.menu.querySelector<HTMLElement>('[data-end]')!.hidden = !k || k.state === 'closed'
		this.menu.querySelector<HTMLElement>('button')!.hidden = chat.verified
		const grown = this.thread.draw()
		this.drawNote()
		this.drawRating()
		if (grown && atFoot) this.down()
	}
}
