/*
 * What browser tests and screenshots stand on: packages of web/, a real server on a fresh demo company, Debian's Chromium.
 * Promises: everything it starts it also ends; the server and its data live in a temporary folder of their own.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const web = createRequire(join(root, 'web/package.json'))
export const { chromium } = web('playwright-core')
export const axeSource = web('axe-core').source

const FLAGS = [
	'--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync',
]

export function launch(more = []) {
	return chromium.launch({ executablePath: process.env.ANXIN_CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...more] })
}

function freePort() {
	return new Promise((done, fail) => {
		const probe = createServer()
		probe.once('error', fail)
		probe.listen(0, '127.0.0.1', () => {
			const { port } = probe.address()
			probe.close(() => done(port))
		})
	})
}

/* Runs to its end and returns what it printed; throws with all it said when it fails. */
function run(program, args) {
	return new Promise((done, fail) => {
		const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
		let printed = ''
		let said = ''
		child.stdout.on('data', (text) => (printed += text))
		child.stderr.on('data', (text) => (said += text))
		child.once('error', fail)
		child.once('close', (code) => (code === 0 ? done(printed) : fail(new Error(`${program} ${args[0]}: ${code}\n${said.slice(-4000)}`))))
	})
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms))

async function untilItAnswers(url, child) {
	for (let tries = 0; tries < 600; tries++) {
		if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
		if (await fetch(url).then((reply) => reply.ok, () => false)) return
		await pause(100)
	}
	throw new Error(`${url} does not answer`)
}

/* A server with the demo company, or one that nobody has used yet. `restart` stops and starts it on the same port and data, as a deployment
   would; `say` runs a command on its data and gives what it printed. */
export async function startServer(binary = process.env.ANXIN_BIN ?? join(root, 'build/release/anxin'), { empty = false, more = [] } = {}) {
	if (!existsSync(binary)) throw new Error(`no program at ${binary}`)
	const folder = mkdtempSync(join(tmpdir(), 'anxin-web.'))
	const data = join(folder, 'data')
	const accounts = empty ? '' : await run(resolve(binary), ['demo', '--data', data, 'quiet', 'open'])
	const port = await freePort()
	const url = `http://127.0.0.1:${port}`
	let child = null
	const server = {
		url,
		accounts,
		say: (...words) => run(resolve(binary), [...words, '--data', data]),
		async start() {
			const log = process.env.ANXIN_WEB_LOG ? 'inherit' : 'ignore'
			const many = ['--set', 'rate.sign_in=2000', '--set', 'rate.password=2000'] // everybody signs in from this one address
			child = spawn(resolve(binary), ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--web', join(root, 'web/dist'), '--outbound-allow', '127.0.0.0/8', ...many, ...more], { stdio: ['ignore', log, log] })
			await untilItAnswers(`${url}/h5/`, child)
		},
		async stop() {
			if (!child || child.exitCode !== null) return
			const ended = new Promise((done) => child.once('close', done))
			child.kill('SIGTERM')
			await ended
		},
		async end() {
			await server.stop()
			rmSync(folder, { recursive: true, force: true })
		},
	}
	await server.start()
	return server
}
