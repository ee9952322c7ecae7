/*
 * One toast at a time, bottom left, 8 s. What can be undone needs no question before: do it, offer 撤销.
 * An undo that fails says so in the next toast.
 */
import { shallowRef } from 'vue'
import { asApiError } from '../api/error'

export interface Toast { id: number; text: string; tone: 'plain' | 'breach'; undo?: () => Promise<void> | void }

export const current = shallowRef<Toast | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined
let count = 0

function show(toast: Omit<Toast, 'id'>): void {
	clearTimeout(timer)
	current.value = { ...toast, id: ++count }
	timer = setTimeout(hide, 8000)
}

export function hide(): void {
	clearTimeout(timer)
	current.value = null
}

/* The pointer or the keyboard is on it: it stays until it leaves. */
export function hold(on: boolean): void {
	clearTimeout(timer)
	if (!on && current.value) timer = setTimeout(hide, 8000)
}

export function toast(text: string, undo?: () => Promise<void> | void): void {
	show({ text, tone: 'plain', undo })
}

export function toastError(thrown: unknown): void {
	show({ text: asApiError(thrown).message, tone: 'breach' })
}

/* Nothing where the toast offers none. */
export async function undo(): Promise<void> {
	const action = current.value?.undo
	if (!action) return
	hide()
	try { await action() } catch (error) { toastError(error) }
}
