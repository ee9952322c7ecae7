/* A simulator or server of the API tests, run beside a browser test: told what to do by lines of JSON. Its input closed, it ends what it started. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export async function startWorld(script) {
	const child = spawn(`${root}/.cache/venv/bin/python`, [`${root}/tests/api/${script}`], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PYTHONPATH: `${root}/tests` } })
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
	const next = async () => JSON.parse((await lines.next()).value)
	return {
		...await next(),
		async ask(what) {
			child.stdin.write(`${JSON.stringify(what)}\n`)
			return next()
		},
		end: () => new Promise((done) => {
			child.on('exit', done)
			child.stdin.end()
		}),
	}
}
