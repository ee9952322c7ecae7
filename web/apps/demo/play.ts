/* A visitor of the demo: opens the chat that is on the page, types into it as a person would, and waits for each answer before she goes on. */
export type Story = { zh: string; en: string; lines: { zh: string; en: string }[] }

export const stories: Story[] = [
	{ zh: '冰箱不凉了', en: 'A fridge that does not cool', lines: [
		{ zh: '冰箱冷藏室不凉了，冷冻还行', en: 'The fridge part does not cool any more, the freezer does' },
		{ zh: '试过了，还是不凉', en: 'I tried that, it still does not cool' },
		{ zh: '帮我转人工', en: 'I want to talk to a person' },
	] },
	{ zh: '插座旁边漏水', en: 'Water beside a socket', lines: [
		{ zh: '洗衣机漏水了，插座旁边都是水', en: 'The washing machine leaks, there is water all around the socket' },
	] },
	{ zh: '问保修和进度', en: 'Warranty and progress', lines: [
		{ zh: '空调保修几年', en: 'How long is the warranty of an air conditioner?' },
		{ zh: '我的维修到哪一步了', en: 'How far is my repair?' },
	] },
]

const KEY_MS = 55
const ANSWER_MS = 12_000
const THINKS_MS = 1200
const sleep = (ms: number) => new Promise((done) => { setTimeout(done, ms) })

async function until<T>(look: () => T | null | undefined | false, most: number): Promise<T | null> {
	for (let waited = 0; waited < most; waited += 100) {
		const found = look()
		if (found) return found
		await sleep(100)
	}
	return null
}

const inChat = (selector: string) => [...document.querySelector('[data-anxin-chat]')?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []]

async function type(area: HTMLTextAreaElement, words: string, atOnce: boolean) {
	for (let n = atOnce ? words.length : 1; n <= words.length; n++) {
		area.value = words.slice(0, n)
		area.dispatchEvent(new Event('input', { bubbles: true }))
		if (!atOnce) await sleep(KEY_MS)
	}
	area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
}

/* False when the chat is not there or cannot be written in. */
export async function play(story: Story, lang: 'zh' | 'en'): Promise<boolean> {
	const atOnce = matchMedia('(prefers-reduced-motion: reduce)').matches
	const chat = await until(() => window.AnxinChat?.chat, ANSWER_MS)
	chat?.open()
	for (const [i, line] of story.lines.entries()) {
		const area = await until(() => inChat('textarea').find((one) => !(one as HTMLTextAreaElement).disabled), ANSWER_MS) as HTMLTextAreaElement | null
		if (!area) return false
		const heard = inChat('li:not(.own) .bubble').length
		await type(area, line[lang], atOnce)
		await until(() => inChat('li:not(.own) .bubble').length > heard, ANSWER_MS)
		if (i + 1 < story.lines.length) await sleep(atOnce ? 0 : THINKS_MS)
	}
	return true
}
