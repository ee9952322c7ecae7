/* Splits a message into text and http(s) links; nothing else becomes a link. */
export interface Part { text: string; link?: string }

export function linkParts(body: string): Part[] {
	const out: Part[] = []
	let at = 0
	for (const m of body.matchAll(/https?:\/\/[^\s，。；！？、）)】]+/g)) {
		if (m.index > at) out.push({ text: body.slice(at, m.index) })
		out.push({ text: m[0], link: m[0] })
		at = m.index + m[0].length
	}
	if (at < body.length) out.push({ text: body.slice(at) })
	return out
}
