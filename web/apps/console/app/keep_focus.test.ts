/* What goes away with the focus leaves it in the pane around, or on the page; what stays keeps it. */
import { beforeEach, expect, test } from 'vitest'
import './keep_focus'

beforeEach(() => {
	document.body.innerHTML = '<main id="main" tabindex="-1"><section data-pane><div><button id="a"></button><button id="b"></button></div></section></main><div class="host"><button id="undo"></button></div>'
})
const focus = (id: string) => document.getElementById(id)!.focus()
const settled = () => new Promise((done) => { setTimeout(done) })

test('to the pane around it, not to the button beside it', async () => {
	focus('a')
	document.getElementById('a')!.remove()
	await settled()
	expect(document.activeElement).toBe(document.querySelector('[data-pane]'))
})

test('to the page where there is no pane left, or never was', async () => {
	focus('a')
	document.querySelector('[data-pane]')!.remove()
	await settled()
	expect(document.activeElement?.id).toBe('main')
	focus('undo')
	document.querySelector('.host')!.innerHTML = ''
	await settled()
	expect(document.activeElement?.id).toBe('main')
})

test('who has gone on is left alone, and so is who stands on what stays', async () => {
	focus('a')
	focus('b')
	document.getElementById('a')!.remove()
	await settled()
	expect(document.activeElement?.id).toBe('b')
	document.getElementById('b')!.blur()
	document.querySelector('.host')!.remove()
	await settled()
	expect(document.activeElement).toBe(document.body)
})
