/* What a trial of a draft says: figures before and after, the worse questions first, what is typed as questions. */
import { expect, it, vi } from 'vitest'

vi.mock('../../app/api', () => ({ client: {}, stream: { subscribe: () => () => {} } }))
const { beforeAfter, draftName, inOrder, tally } = await import('./evaluation')
const { questionsOf } = await import('./use_draft')
type Change = Parameters<typeof tally>[0][number]
type Trial = Parameters<typeof draftName>[0]

const shares = (of: object) => ({ lines: 3, inside: 2, outside: 1, top1: 0.5, top3: 1, answered: 0.5, precision: 1, oos_answered: 0, ...of })

it('tells more right answers from fewer, and more that should not be answered as bad', () => {
	const told = beforeAfter({ all: shares({ top1: 1, answered: 1, precision: 0.8, oos_answered: 1 }), before: { all: shares({}) } })
	expect(told.map((f) => [f.name, f.change, f.good])).toEqual([
		['top1', '+50.0', true], ['top3', '—', null], ['answered', '+50.0', null], ['precision', '−20.0', false], ['oos', '+100.0', false],
	])
})

it('leaves out figures of which there is no question, and says nothing of a trial without a draft', () => {
	const inside = { all: shares({ outside: 0 }), before: { all: shares({ outside: 0 }) } }
	expect(beforeAfter(inside).map((f) => f.name)).toEqual(['top1', 'top3', 'answered', 'precision'])
	expect(beforeAfter({ all: shares({}) })).toEqual([])
})

it('puts what got worse first and counts', () => {
	const of = (...all: Change['change'][]) => all.map((change, i) => ({ line_id: String(i), change }) as Change)
	expect(inOrder(of('other', 'better', 'worse')).map((one) => one.change)).toEqual(['worse', 'better', 'other'])
	expect(tally(of('other', 'better', 'worse', 'better'))).toEqual({ better: 2, worse: 1, other: 1 })
})

it('names the draft by its title, without the right to read it by no more than that it is one', () => {
	expect(draftName({ article_id: '7', titles: { article_id: 'K-1 滤网' } } as unknown as Trial)).toBe('K-1 滤网')
	expect(draftName({ article_id: '7' } as unknown as Trial)).not.toBe('')
	expect(draftName({ article_id: null } as unknown as Trial)).toBe('')
})

it('takes a question a line, each once', () => {
	expect(questionsOf(' 怎么换 \n\n怎么换\r\n香薰盒没味了')).toEqual(['怎么换', '香薰盒没味了'])
})
