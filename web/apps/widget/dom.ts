/* Elements by hand: every text goes in as text, so nothing that somebody wrote is ever read as HTML; no inline styles, so it runs under any
 * content security policy. */
type Child = Node | string | null | undefined | false
type Attrs = Record<string, string | number | boolean | null | undefined | ((e: never) => void)>

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attrs: Attrs = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
	const el = document.createElement(tag)
	for (const [name, value] of Object.entries(attrs)) {
		if (typeof value === 'function') el.addEventListener(name, value as (e: Event) => void)
		else if (value === true) el.setAttribute(name, '')
		else if (value !== false && value !== null && value !== undefined) el.setAttribute(name, String(value))
	}
	el.append(...children.filter((c): c is Node | string => Boolean(c)))
	return el
}

/* Drawn on 24 × 24. */
const paths = {
	chat: 'M4 5h16v11H9l-5 4z', close: 'M6 6l12 12M18 6L6 18', down: 'M6 9l6 6 6-6', send: 'M4 12l16-8-6 16-3-7z', clip: 'M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l7-7', star: 'M12 3l2.7 5.8 6.3.8-4.6 4.4 1.2 6.3L12 17.2 6.4 20.3l1.2-6.3L3 9.6l6.3-.8z', file: 'M6 3h8l4 4v14H6zM14 3v4h4', mic: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4', play: 'M8 5l11 7-11 7z', stop: 'M7 7h10v10H7z', dots: 'M5 12h.01M12 12h.01M19 12h.01',
} as const
const SVG = 'http://www.w3.org/2000/svg'

export function icon(name: keyof typeof paths): SVGSVGElement {
	const svg = document.createElementNS(SVG, 'svg')
	for (const [k, v] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon i-${name}` })) svg.setAttribute(k, v)
	const path = document.createElementNS(SVG, 'path')
	path.setAttribute('d', paths[name])
	svg.append(path)
	return svg
}
