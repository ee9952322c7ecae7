/* What was said, as a list that only grows: a reader of the screen hears what is new and nothing twice. */
import type { Chat } from './chat'
import type { Carried, Message, Unsent } from './contract'
import { h, icon } from './dom'
import { isVoice, lengthOf } from '../../shared/voice'
import { voiceButton } from './speak'
import { sizeText, timeText, type Lang, type Say } from './words'

export interface ThreadOptions { chat: Chat; lang: Lang; say: Say; press: (words: string) => void }

export class Thread {
	readonly list: HTMLOListElement
	private readonly o: ThreadOptions
	private readonly drawn = new Map<string, { li: HTMLLIElement; mark: HTMLSpanElement | null }>()

	constructor(o: ThreadOptions) {
		this.o = o
		this.list = h('ol')
	}

	/* Returns whether anything came at the end. */
	draw(): boolean {
		const { chat } = this.o
		const wanted: HTMLLIElement[] = []
		let grown = false
		for (const [i, part] of chat.parts.entries()) {
			if (i > 0) wanted.push(this.once(`cut${part.conversation.id}`, () => ({ li: h('li', { class: 'cut' }, h('span', { class: 'meta' }, timeText(part.messages[0]?.at ?? part.conversation.last_at, chat.now, this.o.lang))), mark: null })).li)
			for (const m of part.messages) {
				const key = m.id
				grown ||= !this.drawn.has(key)
				const one = this.once(key, () => this.message(m))
				if (one.mark) one.mark.textContent = this.o.say(m.no <= part.conversation.staff_no ? 'seen' : 'sent')
				wanted.push(one.li)
			}
		}
		for (const one of chat.unsent) {
			grown ||= !this.drawn.has(one.external_id)
			wanted.push(this.once(`${one.external_id}${one.refused ?? ''}`, () => ({ li: this.waiting(one), mark: null })).li)
		}
		this.settle(wanted)
		const last = String(chat.parts.at(-1)?.messages.at(-1)?.no ?? 0)
		for (const row of this.list.querySelectorAll<HTMLElement>('[data-offers]')) row.hidden = row.dataset.offers !== last || chat.unsent.length > 0
		return grown
	}
	private once(key: string, make: () => { li: HTMLLIElement; mark: HTMLSpanElement | null }) {
		let one = this.drawn.get(key)
		if (!one) this.drawn.set(key, one = make())
		return one
	}
	/* Moves nothing that stands where it should. */
	private settle(wanted: HTMLLIElement[]): void {
		const keep = new Set(wanted)
		for (const [key, { li }] of this.drawn) if (!keep.has(li)) { li.remove(); this.drawn.delete(key) }
		let at: Element | null = this.list.firstElementChild
		for (const li of wanted) {
			if (li === at) at = at.nextElementSibling
			else this.list.insertBefore(li, at)
		}
	}

	private message(m: Message) {
		const { say, chat, lang } = this.o
		const own = m.actor.kind === 'customer'
		const mark = own ? h('span') : null
		const who = own ? say('you') : m.actor.name || say(m.actor.kind === 'user' ? 'service' : 'bot')
		const meta = h('span', { class: 'meta' }, `${who} `, h('time', { datetime: new Date(m.at).toISOString() }, timeText(m.at, chat.now, lang)), mark && ' · ', mark)
		return { li: h('li', { class: own ? 'own' : '', 'data-no': m.no }, meta, m.text ? h('p', { class: 'bubble' }, m.text) : null, ...m.files.map((f) => this.file(f)), this.offers(m)), mark }
	}
	/* Only the newest message asks: what was offered before is history. */
	private offers(m: Message): HTMLElement | null {
		const open = m.offers?.filter((o) => !o.open) ?? []
		if (!open.length) return null
		return h('span', { class: 'row offers', 'data-offers': m.no }, ...open.map((o) => h('button', { type: 'button', class: 'chip', click: () => this.o.press(o.say) }, o.say)))
	}
	private waiting(one: Unsent): HTMLLIElement {
		const { say, chat } = this.o
		const tools = one.refused ? h('span', { class: 'row' },
			h('button', { type: 'button', class: 'link', click: () => chat.tryAgain(one) }, say('again')),
			h('button', { type: 'button', class: 'link', click: () => chat.drop(one) }, say('drop'))) : null
		return h('li', { class: 'own waits' }, h('span', { class: one.refused ? 'meta bad' : 'meta' }, one.refused ? `${say('failed')} · ${one.refused}` : say('sending')),
			one.text ? h('p', { class: 'bubble' }, one.text) : null, ...one.files.map((f) => h('p', { class: 'bubble' }, f.name)), tools)
	}

	/* Drawn on a canvas: a page's policy may refuse pictures by address, never what is drawn. */
	private file(f: Carried): HTMLElement {
		const { say, chat } = this.o
		const load = () => void this.save(f)
		if (isVoice(f.type)) return voiceButton(say, lengthOf(f.name), () => chat.api.file(f.id, 'content'), load)
		if (!f.thumbnail) return h('button', { type: 'button', class: 'doc', click: load }, icon('file'), h('span', {}, f.name), h('span', { class: 'meta' }, sizeText(f.size)))
		const canvas = h('canvas', { role: 'img', 'aria-label': f.name })
		void chat.api.file(f.id, 'thumbnail').then((blob) => createImageBitmap(blob)).then((map) => {
			canvas.width = map.width
			canvas.height = map.height
			canvas.getContext('2d')?.drawImage(map, 0, 0)
		}).catch(() => undefined)
		return h('button', { type: 'button', class: 'picture', click: load, 'aria-label': `${say('download')} ${f.name}` }, canvas)
	}
	private async save(f: Carried): Promise<void> {
		const blob = await this.o.chat.api.file(f.id, 'content').catch(() => null)
		if (!blob) return
		const address = URL.createObjectURL(blob)
		const link = h('a', { href: address, download: f.name })
		link.click()
		setTimeout(() => URL.revokeObjectURL(address), 60_000)
	}
}
