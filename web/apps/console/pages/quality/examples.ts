/* Rules to start from; their names are texts. */
export const examples: Record<string, Record<string, unknown>> = {
	blame: { kind: 'forbidden', words: '不归我管\n不关我的事\n你自己看着办\nnot my problem', excepts: '', weight: 20, fatal: false },
	promise: { kind: 'promise', words: '给您回电\n明天*联系您\n尽快给您答复\ncall you back', minutes: 30, weight: 20, hint: true },
	silence: { kind: 'silence', minutes: 5, weight: 10, hint: true },
	safety: { kind: 'safety', words: '冒烟\n漏电\n煤气味\nsmoke', answers: '断开电源\n停止使用\n拨打119\nunplug', minutes: 3, weight: 100, fatal: true, hint: true },
}
