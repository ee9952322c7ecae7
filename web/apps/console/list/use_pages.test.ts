/* Pages one behind the other, whatever order they come in. */
import { expect, it } from 'vitest'
import { usePages, type Part } from './use_pages'

function asked() {
	const waiting: { after: string | undefined; answer: (page: Part<number, string>) => void; refuse: (why: unknown) => void }[] = []
	const told: boolean[] = []
	const pages = usePages((after: string | undefined) => new Promise<Part<number, string>>((answer, refuse) => { waiting.push({ after, answer, refuse }) }), (_page, added) => { told.push(added) })
	return { pages, waiting, told }
}
const come = () => new Promise((done) => setTimeout(done))

it('a page is added behind what has come, from where that ended', async () => {
	const { pages, waiting, told } = asked()
	void pages.load()
	expect(pages.busy.value).toBe(true)
	waiting[0].answer({ items: [1, 2], next: 'b' })
	await come()
	void pages.more()
	waiting[1].answer({ items: [3], next: null })
	await come()
	expect([pages.items.value, pages.next.value, pages.busy.value]).toEqual([[1, 2, 3], null, false])
	expect([waiting.map((w) => w.after), told]).toEqual([[undefined, 'b'], [false, true]])
})

it('a page that comes late is not added to what is shown by then', async () => {
	const { pages, waiting } = asked()
	void pages.load()
	waiting[0].answer({ items: [1, 2], next: 'b' })
	await come()
	void pages.more()
	void pages.load()
	waiting[2].answer({ items: [7], next: null })
	await come()
	waiting[1].answer({ items: [3], next: 'c' })
	await come()
	expect([pages.items.value, pages.next.value]).toEqual([[7], null])
})

it('asked for twice, it is there once', async () => {
	const { pages, waiting } = asked()
	void pages.load()
	waiting[0].answer({ items: [1], next: 'b' })
	await come()
	void pages.more()
	void pages.more()
	for (const one of waiting.slice(1)) one.answer({ items: [2], next: null })
	await come()
	expect(pages.items.value).toEqual([1, 2])
})

it('what went wrong is said until it is tried again, and what was there stays', async () => {
	const { pages, waiting } = asked()
	void pages.load()
	waiting[0].answer({ items: [1], next: 'b' })
	await come()
	void pages.more()
	waiting[1].refuse(new Error('no'))
	await come()
	expect([pages.failed.value === null, pages.items.value, pages.next.value, pages.busy.value]).toEqual([false, [1], 'b', false])
	void pages.more()
	expect(pages.failed.value).toBe(null)
})
