/* Rules to start from; their names and words are texts. */
import { both } from '@shared/i18n'

/* In both languages: customers and colleagues write either. */
function lines(key: string) {
	const text = both(`quality.example_${key}`)
	return `${text.zh}\n${text.en}`
}

export const examples: Record<string, () => Record<string, unknown>> = {
	blame: () => ({ kind: 'forbidden', words: lines('blame_words'), excepts: '', weight: 20, fatal: false }),
	promise: () => ({ kind: 'promise', words: lines('promise_words'), minutes: 30, weight: 20, hint: true }),
	silence: () => ({ kind: 'silence', minutes: 5, weight: 10, hint: true }),
	asked: () => ({ kind: 'asked', words: lines('asked_words'), weight: 10 }),
	safety: () => ({ kind: 'safety', words: lines('safety_words'), answers: lines('safety_answers'), minutes: 3, weight: 100, fatal: true, hint: true }),
}
