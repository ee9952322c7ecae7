/*
 * run.mjs REPORT.xml [NAME…]: browser tests against a real server with the demo company, one file after the other. Leaves JUnit
 * counts in REPORT and a readable account on the screen; the exit code says whether everything passed.
 */
import { createWriteStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { junit, spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { startServer } from './tools.mjs'

/* What a browser says when it waited in vain is in colours, and no report may hold those signs. */
process.env.FORCE_COLOR = '0'

const here = fileURLToPath(new URL('.', import.meta.url))
const [report, ...names] = process.argv.slice(2)
const files = readdirSync(here)
	.filter((file) => file.endsWith('.test.mjs') && (names.length === 0 || names.includes(file.replace('.test.mjs', ''))))
	.map((file) => join(here, file))
	.sort()

const server = await startServer()
process.env.ANXIN_URL = server.url
process.env.ANXIN_ACCOUNTS = server.accounts
let failed = files.length === 0
try {
	const events = run({ files, concurrency: 1, timeout: 1_200_000 })
	events.on('test:fail', () => (failed = true))
	events.compose(new spec()).pipe(process.stdout)
	const written = events.compose(junit).pipe(createWriteStream(report ?? '/dev/null'))
	await new Promise((done) => written.once('finish', done))
} finally {
	await server.end()
}
process.exitCode = failed ? 1 : 0
