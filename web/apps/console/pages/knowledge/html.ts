/*
 * A page of HTML as Markdown: headings, lists, steps, bold, links, tables as lines. It is read as a document that loads nothing and runs nothing; what is no text
 * (scripts, styles, menus) is left out; pictures stay by their addresses, see pictures.ts.
 */
const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'NAV', 'HEAD', 'TITLE', 'IFRAME', 'OBJECT', 'SVG', 'FORM', 'BUTTON'])
const LINKS = /^(https?:|mailto:|tel:)/i

export interface Page { title: string; body: string }
interface Walk { title: Element | null }

const escaped = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/([\\`*_[\]<>])/g, '\\$1')

function inline(node: Node, w: Walk): string {
	if (node.nodeType === Node.TEXT_NODE) return escaped(node.textContent ?? '')
	if (!(node instanceof Element) || SKIPPED.has(node.tagName.toUpperCase())) return ''
	if (node.tagName === 'IMG') {
		const address = (node.getAttribute('src') ?? '').trim()
		return address ? `![${escaped(node.getAttribute('alt') ?? '')}](<${address.replaceAll(/[<>\s]/g, encodeURIComponent)}>)` : ''
	}
	if (node.tagName === 'BR') return '\\\n'
	const text = [...node.childNodes].map((one) => inline(one, w)).join('')
	if (!text.trim()) return text
	if (/^(STRONG|B)$/.test(node.tagName)) return `**${text.trim()}**`
	if (/^(EM|I)$/.test(node.tagName)) return `*${text.trim()}*`
	const href = node.tagName === 'A' ? node.getAttribute('href')?.trim() ?? '' : ''
	return LINKS.test(href) ? `[${text.trim()}](<${href.replaceAll(/[<>\s]/g, '')}>)` : text
}

function list(el: Element, w: Walk, depth: string): string {
	const items = [...el.children].filter((one) => one.tagName === 'LI')
	return items.map((item, i) => {
		const mark = el.tagName === 'OL' ? `${i + 1}. ` : '- '
		const inner = ' '.repeat(mark.length)
		const own = [...item.childNodes].filter((one) => !(one instanceof Element && /^(UL|OL)$/.test(one.tagName))).map((one) => inline(one, w)).join('').trim()
		const below = [...item.children].filter((one) => /^(UL|OL)$/.test(one.tagName)).map((one) => list(one, w, depth + inner))
		return [`${depth}${mark}${own}`, ...below].join('\n')
	}).join('\n')
}

function blocks(el: Element, w: Walk): string[] {
	const out: string[] = []
	let line = ''
	const flush = () => {
		if (line.trim()) out.push(line.trim())
		line = ''
	}
	for (const node of el.childNodes) {
		const tag = node instanceof Element ? node.tagName.toUpperCase() : ''
		if (SKIPPED.has(tag)) continue
		if (!/^(H[1-6]|P|DIV|SECTION|ARTICLE|MAIN|HEADER|FOOTER|BODY|BLOCKQUOTE|UL|OL|TABLE|PRE|HR|FIGURE|DL)$/.test(tag)) {
			line += inline(node, w)
			continue
		}
		flush()
		const child = node as Element
		if (child === w.title) continue
		if (/^H[1-6]$/.test(tag)) out.push(`${'#'.repeat(Math.max(2, Number(tag[1])))} ${inline(child, w).trim()}`)
		else if (tag === 'UL' || tag === 'OL') out.push(list(child, w, ''))
		else if (tag === 'TABLE') out.push([...child.querySelectorAll('tr')].map((row) => `- ${[...row.children].map((cell) => inline(cell, w).trim()).filter(Boolean).join('：')}`).filter((row) => row.length > 2).join('\n'))
		else out.push(...blocks(child, w))
	}
	flush()
	return out.filter(Boolean)
}

export function htmlPage(text: string): Page {
	const page = new DOMParser().parseFromString(text, 'text/html')
	const w: Walk = { title: page.querySelector('h1') }
	const body = blocks(page.body, w).join('\n\n')
	return { title: (w.title?.textContent || page.title || '').replaceAll(/\s+/g, ' ').trim(), body }
}
