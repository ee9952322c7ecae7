/*
 * Where the keyboard is when what had the focus goes away: a button that did its work, the "undo" of a note, a page that was left. A browser
 * lets it fall out of the document then, and nobody sees or hears where he is. Here it goes to the nearest pane or dialog around it that
 * is still there, else to the page. Never to another button: who presses Enter twice would press that.
 */
const HOLDS = '[role="dialog"], [data-pane]'
let around: Element[] = []

document.addEventListener('focusin', (e) => {
	around = []
	for (let one = e.target as Element | null; one; one = one.parentElement) around.push(one)
})

function mend(): void {
	const [held] = around
	if (!held || held.isConnected || document.activeElement !== document.body) return
	const place = around.find((one) => one.isConnected && one.matches(HOLDS)) ?? document.getElementById('main')
	around = []
	if (!(place instanceof HTMLElement)) return
	if (!place.hasAttribute('tabindex')) place.tabIndex = -1
	place.focus({ preventScroll: true })
}

new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
