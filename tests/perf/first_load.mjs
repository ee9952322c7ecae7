/*
 * What a browser has to fetch until the console shows its ticket list for the first time, and the phone page its entry, as the bytes
 * that travel (compressed, with heads). Prints a line of JSON each, as `anxin bench` does. Nothing is cached before.
 */
import { launch, startServer } from '../web/tools.mjs'
import { DESK, PHONE, openContext } from '../web/page.mjs'
import { accounts } from '../web/staff.mjs'

async function bytesOf(browser, options, url, prepare) {
	const { context, page, close } = await openContext(browser, options)
	await prepare(context)
	const sizes = []
	page.on('requestfinished', (request) => {
		if (!request.url().includes('/api/')) sizes.push(request.sizes().then((one) => one.responseBodySize + one.responseHeadersSize))
	})
	await page.goto(url, { waitUntil: 'load' })
	await page.waitForTimeout(1500) // chunks that the first page asks for after it has started
	const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
	await close()
	return total
}

function tell(name, bytes) {
	console.log(JSON.stringify({ name, value: Math.round(bytes / 102.4) / 10, unit: 'KB', floor: null, ratio: null }))
}

const signIn = (url) => (context) => context.request.post(`${url}/api/v1/session`, {
	headers: { Origin: url, 'Idempotency-Key': crypto.randomUUID() }, data: accounts()[0],
})

const server = await startServer()
process.env.ANXIN_ACCOUNTS = server.accounts
const browser = await launch()
try {
	tell('console_first_load', await bytesOf(browser, DESK, `${server.url}/ticket`, signIn(server.url)))
	tell('phone_first_load', await bytesOf(browser, PHONE, `${server.url}/h5/`, async () => {}))
} finally {
	await browser.close()
	await server.end()
}
