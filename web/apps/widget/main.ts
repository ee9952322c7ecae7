/*
 * <script src="https://service.example.cn/widget.js" data-company="shop" data-lang="zh" async></script>
 *
 * One tag puts the chat on a page. It asks the server how it looks, draws itself in a shadow root, and stores a token only once the visitor has
 * written. data-colour and data-side change the look for this page, data-in puts it into an element of the page instead of its corner.
 */
import { Api } from './api'
import { Chat } from './chat'
import type { Config } from './contract'
import { keeper } from './keep'
import { isColour } from './style'
import { View } from './view'
import type { Lang } from './words'

export interface MountOptions { server: string; company: string; lang?: string; colour?: string; side?: string; theme?: string; into?: Element | null; memory?: boolean }

const langOf = (said: string | undefined): Lang => ((said || document.documentElement.lang || navigator.language || 'zh').toLowerCase().startsWith('zh') ? 'zh' : 'en')

function build(config: Config, o: MountOptions, api: Api, live: boolean) {
	const kept = keeper(o.memory ? `${config.company.code}.try` : config.company.code)
	const host = document.createElement('div')
	const shadow = host.attachShadow({ mode: 'open' })
	host.setAttribute('data-anxin-chat', '')
	const chat = new Chat(api, config, kept)
	const lang = langOf(o.lang)
	if (o.side === 'left' || o.side === 'right') config.side = o.side
	const view = new View({ chat, config, lang, colour: isColour(o.colour) ? o.colour : config.colour, inline: Boolean(o.into), theme: o.theme })
	view.dress(shadow)
	shadow.append(view.root)
	;(o.into ?? document.body).append(host)
	if (o.into) host.classList.add('anxin-chat-inline')
	view.draw()
	if (live) void chat.start()
	return { open: () => view.show(true), close: () => view.show(false), conversation: () => chat.current?.conversation.id ?? null, remove: () => { view.quiet(); chat.stop(); host.remove() } }
}

/* Puts the chat on the page; null when the company has none, or this page may not use it. */
export async function mount(o: MountOptions) {
	const api = new Api(o.server, langOf(o.lang))
	try {
		const config = await api.hello(o.company)
		return build(config, o, api, true)
	} catch (error) {
		console.warn('[anxin] the chat is not shown:', (error as { code?: string }).code || 'not reached')
		return null
	}
}
/* How it would look, with nothing behind it. */
export function preview(config: Config, o: Omit<MountOptions, 'server'> & { into: Element }) {
	return build(config, { ...o, server: '', memory: true }, new Api('', langOf(o.lang)), false)
}

type Shown = Awaited<ReturnType<typeof mount>>
interface Offered { mount: typeof mount; preview: typeof preview; chat?: Shown }
declare global { interface Window { AnxinChat?: Offered } }

const tag = document.currentScript as HTMLScriptElement | null
if (!window.AnxinChat) {
	const all: Offered = window.AnxinChat = { mount, preview }
	if (tag && tag.dataset.company !== undefined) {
		const { company, lang, colour, side, theme } = tag.dataset
		const start = async () => { all.chat = await mount({ server: new URL(tag.src).origin, company: company ?? '', lang, colour, side, theme, into: tag.dataset.in ? document.querySelector(tag.dataset.in) : null }) }
		if (document.body) void start()
		else document.addEventListener('DOMContentLoaded', () => void start())
	}
}
