/* The look, as a sheet of the shadow root alone: the page's styles do not come in, these do not go out. */
const light = '--canvas:#f3f5f6;--surface:#fff;--hover:#edf1f2;--line:#e2e7e9;--control:#7a878e;--ink:#162025;--ink2:#445158;--ink3:#5f6c73;--bad:#b3261e;--shade:0 8px 32px rgba(16,32,40,.22);'
const dark = '--canvas:#0e1315;--surface:#151b1e;--hover:#20282b;--line:#273034;--control:#6c7980;--ink:#e4eaec;--ink2:#b4c0c5;--ink3:#9aa6ac;--bad:#f3857a;--shade:0 8px 32px rgba(0,0,0,.6);'

/* Relative luminance (WCAG 2.2): which ink reads better on the company's colour. */
function luminance(colour: string): number {
	const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
	return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
export function inkOn(colour: string): string {
	const l = luminance(colour)
	return 1.05 / (l + 0.05) >= (l + 0.05) / 0.0554 ? '#ffffff' : '#10181c'
}
/* The company's colour as words on a ground of ours: as much lighter or darker as it takes to be read (4.5 : 1). */
export function readableOn(colour: string, ground: string): string {
	const to = luminance(ground) < 0.18 ? 255 : 0
	const parts = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16))
	for (let share = 0; share <= 1; share += 0.05) {
		const mixed = `#${parts.map((c) => Math.round(c + (to - c) * share).toString(16).padStart(2, '0')).join('')}`
		const [high, low] = [luminance(mixed), luminance(ground)].sort((a, b) => b - a)
		if ((high + 0.05) / (low + 0.05) >= 4.5) return mixed
	}
	return to ? '#ffffff' : '#000000'
}
export function isColour(text: string | null | undefined): text is string {
	return /^#[0-9a-f]{6}$/i.test(text ?? '')
}

export function sheetText(colour: string, side: 'left' | 'right'): string {
	const inLight = `${light}--accent:${readableOn(colour, '#ffffff')};`
	const inDark = `${dark}--accent:${readableOn(colour, '#151b1e')};`
	return `
:host{all:initial}
:host(.anxin-chat-inline){display:block;height:100%}
.root{${inLight}--brand:${colour};--on:${inkOn(colour)};color-scheme:light;font:14px/22px -apple-system,BlinkMacSystemFont,"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC","Segoe UI",sans-serif;color:var(--ink);text-align:left}
.root[data-theme=dark]{${inDark}color-scheme:dark}
@media (prefers-color-scheme:dark){.root:not([data-theme=light]){${inDark}color-scheme:dark}}
*,*::before,*::after{box-sizing:border-box}
[hidden]{display:none!important}
button,input,select,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer;border:0;background:none;padding:0}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.icon{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;display:block}
.i-dots{stroke-width:3}
.launch{position:fixed;z-index:2147483000;${side}:20px;bottom:20px;display:inline-flex;align-items:center;gap:8px;min-height:52px;padding:0 20px 0 16px;border-radius:26px;background:var(--brand);color:var(--on);box-shadow:var(--shade);font-weight:500}
.badge{min-width:20px;padding:0 6px;border-radius:10px;background:#b3261e;color:#fff;font-size:12px;line-height:20px;text-align:center}
.panel{position:fixed;z-index:2147483001;${side}:20px;bottom:20px;width:380px;height:min(640px,calc(100vh - 40px));height:min(640px,calc(100dvh - 40px));display:flex;flex-direction:column;overflow:hidden;border:1px solid var(--line);border-radius:12px;background:var(--canvas);box-shadow:var(--shade)}
.inline .panel{position:absolute;inset:0;width:auto;height:auto;border:0;border-radius:0;box-shadow:none}
.inline{position:relative;height:100%;min-height:320px}
.inline .fold{display:none}
@media (max-width:480px){.root:not(.inline) .panel{inset:0;width:auto;height:auto;border:0;border-radius:0}}
.head{flex:none;display:flex;align-items:center;gap:8px;padding:10px 8px 10px 16px;background:var(--brand);color:var(--on)}
.head :focus-visible{outline-color:var(--on);outline-offset:-2px}
.name{flex:1;min-width:0}
.name h2{margin:0;font-size:16px;line-height:24px;font-weight:500}
.name p{margin:0;font-size:12px;line-height:16px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.tool{flex:none;display:grid;place-items:center;width:44px;height:44px;border-radius:8px}
.menu{flex:none;display:flex;flex-wrap:wrap;gap:0 20px;padding:0 16px;border-bottom:1px solid var(--line);background:var(--surface)}
.link{min-height:44px;color:var(--ink);text-decoration:underline;text-underline-offset:3px}
.lost{flex:none;margin:0;padding:6px 16px;background:var(--hover);color:var(--ink2);font-size:12px;text-align:center}
.log{flex:1;min-height:0;overflow-y:auto;padding:16px;overscroll-behavior:contain}
.log:focus-visible{outline-offset:-2px}
ol{display:flex;flex-direction:column;gap:14px;margin:0;padding:0;list-style:none}
li{display:flex;flex-direction:column;align-items:flex-start;gap:3px;max-width:86%}
li.own{align-self:flex-end;align-items:flex-end}
li.cut{align-self:stretch;max-width:none;align-items:center}
.meta{color:var(--ink3);font-size:12px;line-height:16px}
.bubble{margin:0;padding:8px 12px;border-radius:12px;background:var(--surface);border:1px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere}
.own .bubble{background:var(--brand);color:var(--on);border-color:transparent}
.waits .bubble{background:none;color:var(--ink2);border:1px dashed var(--control)}
.bad{color:var(--bad)}
.picture{display:block;border:1px solid var(--line);border-radius:8px;overflow:hidden;background:var(--surface)}
.picture canvas{display:block;max-width:220px;max-height:220px}
.doc{display:inline-flex;align-items:center;gap:8px;padding:8px 12px;min-height:44px;max-width:100%;border:1px solid var(--line);border-radius:8px;background:var(--surface);text-align:left}
.doc span{overflow-wrap:anywhere}
.chip{min-height:44px;padding:0 14px;border:1px solid var(--accent);border-radius:22px;background:var(--surface);color:var(--accent);text-align:left}
.offers[hidden]{display:none}
.note{margin:14px 0 0;color:var(--ink2);font-size:13px;line-height:20px;text-align:center}
.hello{margin:0 0 14px;padding:12px;border-radius:12px;background:var(--surface);border:1px solid var(--line);white-space:pre-wrap}
.card{display:flex;flex-direction:column;gap:12px;margin-top:14px;padding:14px;border:1px solid var(--line);border-radius:12px;background:var(--surface)}
.card h3{margin:0;font-size:14px;line-height:22px;font-weight:500}
.card p{margin:0;color:var(--ink2);font-size:13px;line-height:20px}
label{display:flex;flex-direction:column;gap:4px;color:var(--ink2);font-size:13px;line-height:20px}
input,select,textarea{width:100%;min-height:44px;padding:10px 12px;border:1px solid var(--control);border-radius:8px;background:var(--surface);color:var(--ink);font-size:16px}
input[aria-invalid=true],select[aria-invalid=true]{border-color:var(--bad)}
textarea{resize:none;field-sizing:content;max-height:120px}
.go{min-height:44px;padding:0 16px;border-radius:8px;background:var(--brand);color:var(--on);font-weight:500}
.go[aria-disabled=true]{background:var(--hover);color:var(--ink3)}
.quiet{min-height:44px;padding:0 16px;border:1px solid var(--control);border-radius:8px;background:var(--surface)}
.row{display:flex;gap:8px;flex-wrap:wrap;align-items:center}
.row input{flex:1;width:auto;min-width:0}
fieldset{display:flex;gap:4px;margin:0;padding:0;border:0}
.star{display:grid;place-items:center;width:44px;height:44px;border-radius:8px;color:var(--ink3)}
.star[aria-checked=true],.star.lit{color:#9a6200}.star.lit .icon{fill:currentColor}
.root[data-theme=dark] .star.lit{color:#e2a84a}
@media (prefers-color-scheme:dark){.root:not([data-theme=light]) .star.lit{color:#e2a84a}}
.foot{flex:none;padding:8px;border-top:1px solid var(--line);background:var(--surface)}
.write{display:flex;align-items:flex-end;gap:4px}
.write .go{flex:none;display:grid;place-items:center;width:44px;padding:0}
.clips{display:flex;flex-wrap:wrap;gap:6px;padding-bottom:8px}
.clip{display:inline-flex;align-items:center;gap:4px;max-width:100%;padding:0 0 0 10px;border:1px solid var(--line);border-radius:16px;font-size:12px}
.clip b{font-weight:400;max-width:180px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.clip button{width:32px;height:32px;display:grid;place-items:center}.clip .icon{width:16px;height:16px}
.voice{min-height:44px;min-width:88px}.clip .voice{width:auto;display:inline-flex;border:0;padding:0;background:none}
.record{display:flex;align-items:center;gap:8px;padding-bottom:8px}.record span{flex:1}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (forced-colors:active){.go,.launch,.own .bubble{border:1px solid}}
`
}
