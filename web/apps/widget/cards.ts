/* The small forms of the chat: what is asked before, what she thought of it, who she is. */
import { Refused } from './api'
import type { Chat } from './chat'
import type { Ask, Said } from './contract'
import { h, icon } from './dom'
import type { Lang, Say } from './words'

interface Of { chat: Chat; lang: Lang; say: Say }

/* Before the first words. */
export class Before {
	readonly el: HTMLElement
	private readonly fields: { name: keyof Said; ask: Ask; input: HTMLInputElement | HTMLSelectElement; fault: HTMLElement }[] = []

	constructor(o: Of, change: () => void) {
		const { config } = o.chat
		this.el = h('div', { class: 'card' })
		const add = (name: keyof Said, ask: Ask, label: string, input: HTMLInputElement | HTMLSelectElement) => {
			if (ask === 'off') return
			const fault = h('span', { class: 'bad', id: `fault-${name}`, hidden: true }, o.say('needed'))
			input.setAttribute('aria-describedby', `fault-${name}`)
			if (ask === 'required') input.setAttribute('required', '')
			input.value = o.chat.said[name] ?? ''
			input.addEventListener('input', change)
			this.fields.push({ name, ask, input, fault })
			this.el.append(h('label', {}, h('span', {}, label, ask === 'optional' ? ` · ${o.say('optional')}` : ''), input, fault))
		}
		const away = !config.open && config.ask.phone === 'off' ? 'optional' : config.ask.phone       /* who leaves a message may be called back */
		add('name', config.ask.name, o.say('name'), h('input', { maxlength: 40, autocomplete: 'name' }))
		add('phone', away, o.say(config.open ? 'phone' : 'phoneAway'), h('input', { maxlength: 20, type: 'tel', inputmode: 'tel', autocomplete: 'tel' }))
		if (config.products.length) {
			add('product_id', config.ask.product, o.say('product'), h('select', {}, h('option', { value: '' }, o.say('choose')), ...config.products.map((p) => h('option', { value: p.id }, p.name[o.lang]))))
		}
	}
	get isEmpty(): boolean { return !this.fields.length }
	get said(): Said { return Object.fromEntries(this.fields.map((f) => [f.name, f.input.value.trim()]).filter(([, v]) => v)) as Said }
	get isComplete(): boolean { return this.fields.every((f) => f.ask !== 'required' || f.input.value.trim()) }
	/* Shows what is missing; true when nothing is. */
	check(): boolean {
		let first: HTMLElement | null = null
		for (const f of this.fields) {
			const bad = f.ask === 'required' && !f.input.value.trim()
			f.input.setAttribute('aria-invalid', String(bad))
			f.fault.hidden = !bad
			if (bad) first ??= f.input
		}
		first?.focus()
		return !first
	}
}

/* One to five, and words. */
export function ratingCard({ chat, say }: Of): HTMLElement {
	let chosen = 0
	const stars = [1, 2, 3, 4, 5].map((n) => h('button', { type: 'button', class: 'star', role: 'radio', 'aria-checked': 'false', 'aria-label': say('star', { n }), tabindex: n === 1 ? 0 : -1, click: () => choose(n) }, icon('star')))
	const words = h('textarea', { rows: 2, maxlength: 500, 'aria-label': say('rateWords'), placeholder: say('rateWords') })
	const go = h('button', { type: 'button', class: 'go', 'aria-disabled': 'true' }, say('rateSend'))
	function choose(n: number) {
		chosen = n
		stars.forEach((s, i) => {
			s.classList.toggle('lit', i < n)
			s.setAttribute('aria-checked', String(i === n - 1))
			s.tabIndex = i === n - 1 ? 0 : -1
		})
		stars[n - 1].focus()
		go.setAttribute('aria-disabled', 'false')
	}
	const group = h('div', { class: 'row', role: 'radiogroup', 'aria-label': say('rate'), keydown: (e: KeyboardEvent) => {
		const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[e.key]
		if (!by) return
		e.preventDefault()
		choose(Math.min(5, Math.max(1, chosen + by)))
	} }, ...stars)
	go.addEventListener('click', () => {
		if (chosen) void chat.rate(chosen, words.value.trim()).catch(() => undefined)
	})
	return h('section', { class: 'card', 'aria-label': say('rate') }, h('h3', {}, say('rate')), group, words, go)
}

/* By a code to her telephone. */
export function proofCard({ chat, say }: Of, done: (name: string) => void): HTMLElement {
	const phone = h('input', { type: 'tel', inputmode: 'tel', autocomplete: 'tel', maxlength: 20, 'aria-label': say('phone'), placeholder: say('phone') })
	const code = h('input', { inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 6, 'aria-label': say('code'), placeholder: say('code') })
	const note = h('p', { role: 'status' })
	const fail = (e: unknown) => { note.className = 'bad'; note.textContent = e instanceof Refused && e.message ? e.message : say('trouble') }
	const get = h('button', { type: 'button', class: 'quiet', click: async () => {
		try {
			const n = await chat.sendCode(phone.value)
			note.className = ''
			note.textContent = say('proveSent', { n })
			code.focus()
		} catch (e) { fail(e) }
	} }, say('getCode'))
	const go = h('button', { type: 'submit', class: 'go' }, say('verify'))
	return h('form', { class: 'card', novalidate: true, submit: async (e: SubmitEvent) => {
		e.preventDefault()
		try {
			const name = await chat.prove(phone.value, code.value)
			if (name === null) fail(new Refused(422, '', say('wrong')))
			else done(name)
		} catch (thrown) { fail(thrown) }
	} }, h('p', {}, say('proveWhy')), h('div', { class: 'row' }, phone, get), h('div', { class: 'row' }, code, go), note)
}
