/* The company's side: sign-in of the console, and what the demo's outbox shows (codes and links that would go out by SMS). */
const url = () => process.env.ANXIN_URL

/* Where a page of the console is. */
export const at = (path) => url() + path

/* Accounts as `anxin demo` prints them, a line each: account, password, name. */
export function accounts() {
	const found = [...process.env.ANXIN_ACCOUNTS.matchAll(/^(\w+) +(\S+) +\S+$/gm)].map(([, account, password]) => ({ account, password }))
	if (found.length === 0) throw new Error(`no accounts in:\n${process.env.ANXIN_ACCOUNTS}`)
	return found
}

export const accountOf = (name) => accounts().find(({ account }) => account === name)

let cookie = null

async function signedIn() {
	if (cookie) return cookie
	const { account, password } = accountOf('admin')
	const reply = await fetch(`${url()}/api/v1/session`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Origin: url() },
		body: JSON.stringify({ account, password }),
	})
	if (!reply.ok) throw new Error(`no staff session: ${reply.status} ${await reply.text()}`)
	cookie = reply.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
	return cookie
}

export async function api(method, path, body) {
	const reply = await fetch(`${url()}/api/v1${path}`, {
		method,
		headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Origin: url(), Cookie: await signedIn() },
		body: body === undefined ? undefined : JSON.stringify(body),
	})
	const text = await reply.text()
	if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
	return text ? JSON.parse(text) : null
}

/* A file as the pages send it, whole; its id. */
export async function upload(name, text) {
	const content = Buffer.from(text)
	const { id } = await api('POST', '/file', { name, size: content.length, type: 'application/octet-stream' })
	const reply = await fetch(`${url()}/api/v1/file/${id}`, {
		method: 'PATCH',
		headers: { 'Content-Type': 'application/octet-stream', 'Upload-Offset': '0', Origin: url(), Cookie: await signedIn() },
		body: content,
	})
	if (!reply.ok) throw new Error(`PATCH /file: ${reply.status} ${await reply.text()}`)
	return id
}

/* The whole company's, for all tests that come: who changes one gives it back (value: null). */
export async function setSetting(name, value) {
	const { version } = await api('GET', `/setting/${name}`)
	return api('PATCH', `/setting/${name}`, { value, version })
}

/* What is in force of a company's flows or report forms is the whole company's too, and put away after the test. */
export async function putAway(record) {
	for (const row of (await api('GET', `/${record}?limit=50`)).items.filter((one) => one.state === 'on')) {
		for (const { code } of row.states ?? []) await api('POST', '/flow/empty', { object: row.object, from: code, to: '' })
		await api('PATCH', `/${record}/${row.id}`, { version: row.version, state: 'off' })
	}
}

/* The newest message to a number, as the demo keeps it. */
export async function messageTo(number, matching) {
	for (let tries = 0; tries < 50; tries++) {
		const { items } = await api('GET', '/outbox?sort=-created_at&limit=50')
		const found = items.find((one) => JSON.stringify(one).includes(number.slice(-4)) && matching.test(one.body ?? one.text ?? ''))
		if (found) return found.body ?? found.text
		await new Promise((done) => setTimeout(done, 100))
	}
	throw new Error(`no message to ${number} like ${matching}`)
}

export async function codeFor(number) {
	return /\b(\d{6})\b/.exec(await messageTo(number, /\b\d{6}\b/))[1]
}

/* Somebody new, with rights of her own and a password: nothing has ever been told her, and nobody else needs her. */
export async function hire(permissions, more = {}) {
	const account = `hired_${crypto.randomUUID().slice(0, 8)}`, password = 'her-own-password'
	const role = await api('POST', '/role', { code: account, name: account, permissions, scope: 'all', ...more })
	const user = await api('POST', '/user', { account, name: '白露', role_id: role.id })
	await api('POST', `/user/${user.id}/password`, { password })
	return { account, password, role, user }
}

/* The console in a browser, signed in as one of the demo's accounts. */
export async function enterConsole(page, { account, password } = accountOf('admin'), base = url()) {
	await page.goto(`${base}/login`)
	await page.locator('input[name=username]').fill(account)
	await page.locator('input[name=password]').fill(password)
	await page.locator('button[type=submit]').click()
	await page.waitForURL((at) => !at.pathname.startsWith('/login'))
}

/* The same in English, for this page only: the person's own language is kept on the server, where other tests read it. */
export async function enterInEnglish(desk, account = undefined) {
	await desk.context.route('**/api/v1/session', async (route) => {
		const reply = await route.fetch()
		const body = await reply.json()
		if (body.user) body.user.lang = 'en'
		await route.fulfill({ response: reply, json: body })
	})
	await enterConsole(desk.page, account)
}

export async function ticketByNumber(no) {
	const { items } = await api('GET', `/ticket?filter=${encodeURIComponent(JSON.stringify([['no', '=', no]]))}`)
	if (items.length !== 1) throw new Error(`${items.length} tickets with number ${no}`)
	return items[0]
}

/* No critical ticket waits for somebody to take it any more: the banner that comes is the test's own. */
export async function takeAllCritical() {
	const { items } = await api('GET', `/ticket?condition=${encodeURIComponent('grade = critical and state = new')}&sort=created_at&limit=50`)
	for (const one of items) await api('POST', `/ticket/${one.id}/action/accept`, { version: one.version })
}

/* A move of the flow by the API, where the test is about the other side. */
export async function move(no, action, body = {}) {
	const { id, version } = await ticketByNumber(no)
	return api('POST', `/ticket/${id}/action/${action}`, { version, ...body })
}

/* Somebody of the demo with one device and no open ticket, and her phone (revealed, as staff may with a reason). */
export async function personWithDevice() {
	const { items } = await api('GET', '/device?limit=200')
	const byOwner = new Map()
	for (const one of items)
		if (one.customer_id && one.customer_id !== '0') byOwner.set(one.customer_id, [...(byOwner.get(one.customer_id) ?? []), one])
	for (const [customer, devices] of byOwner) {
		const mine = await api('GET', `/ticket?filter=${encodeURIComponent(JSON.stringify([['customer_id', '=', customer]]))}`)
		if (devices.length !== 1 || mine.items.some((one) => !['closed', 'cancelled'].includes(one.state))) continue
		const { value } = await api('POST', `/customer/${customer}/reveal`, { field: 'phone', purpose: '浏览器测试' })
		const { titles, ...device } = devices[0]
		return { phone: value, device: { ...device, model: titles.model_id.split(' ').at(-1) } }
	}
	throw new Error('the demo has nobody with one device and no open ticket')
}
