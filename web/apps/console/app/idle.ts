/*
 * Signs out whoever does nothing: keys, pointer and touch count, in any tab of the browser; what a page fetches by itself does not. The
 * server does the same by requests, so while somebody works without one (a long note) a quiet request now and then says that she is here.
 */
const KEY = 'anxin.active'
const CHECK_MS = 15_000
const signs = ['keydown', 'pointerdown', 'wheel', 'touchstart'] as const

let last = 0
let said = 0

function mark() {
	const now = Date.now()
	if (now - last < 1000) return
	last = now
	try { localStorage.setItem(KEY, String(now)) } catch { /* this tab alone */ }
}

/* The newest of all tabs. */
function lastActive(): number {
	try { return Math.max(last, Number(localStorage.getItem(KEY)) || 0) } catch { return last }
}

/* Returns how to stop. */
export function watchIdle(minutes: number, here: () => void, gone: () => void): () => void {
	const limit = minutes * 60_000
	mark()
	said = Date.now()
	const check = () => {
		const now = Date.now(), active = lastActive()
		if (now - active >= limit) { stop(); gone(); return }
		if (active > said && now - said > limit / 3) { said = now; here() }
	}
	const timer = setInterval(check, CHECK_MS)
	const seen = () => { if (!document.hidden) check() }
	for (const sign of signs) addEventListener(sign, mark, { passive: true, capture: true })
	document.addEventListener('visibilitychange', seen)
	function stop() {
		clearInterval(timer)
		for (const sign of signs) removeEventListener(sign, mark, { capture: true })
		document.removeEventListener('visibilitychange', seen)
	}
	return stop
}
