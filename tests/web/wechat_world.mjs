/* The simulated WeChat of the API tests, run beside a browser test. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/* Of shared/facts: what the simulator knows its app by. */
export const APP = { app_id: 'wx49f0ab532d5d035a', secret: 's3cret_of_the_app', token: 'anxin_token', aes_key: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR' }

export async function startWeChat() {
	const child = spawn(`${root}/.cache/venv/bin/python`, [`${root}/tests/api/wechat_world.py`], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PYTHONPATH: `${root}/tests` } })
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
	const next = async () => JSON.parse((await lines.next()).value)
	const urls = await next()
	return {
		...urls,
		async ask(what) {
			child.stdin.write(`${JSON.stringify(what)}\n`)
			return next()
		},
		end: () => child.kill(),
	}
}
