/*
 * Every page of both applications, with what must be there before one looks: for axe and for screenshots. Prepares the objects it
 * shows through the pages themselves, so the pictures are of real data.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillRepair, newNumber, openPhone, reportRepair, signIn } from './customer.mjs'
import { settled } from './page.mjs'
import { accountOf, api, at, move, upload } from './staff.mjs'
import { root } from './tools.mjs'

/* Customers' tickets in each of their states, and a phone that may see them. */
export async function prepareCustomer(browser, options) {
	const phone = await openPhone(browser, options)
	await signIn(phone, newNumber())
	const working = await reportRepair(phone, { product: '洗衣机', symptom: '脱水震动大', words: '脱水时整台机器往外挪，声音很大' })
	await move(working, 'accept')
	const { id } = await move(working, 'start')
	await api('POST', `/ticket/${id}/comment`, { text: '您好，麻烦看一下洗衣机四个脚是不是都踩实了，运输螺栓拆了没有。', visibility: 'public', file_ids: [] })
	const solved = await reportRepair(phone, { words: '冷藏室后壁整块结冰，菜都冻坏了' })
	await move(solved, 'accept')
	const done = await move(solved, 'resolve', { steps: '指导断电化霜，重新插紧化霜传感器', result: '化霜传感器松脱，已重新插紧，温度恢复正常。' })
	await api('POST', '/compensation', { ticket_id: id, cause: '两次约好都没来', coupon_fen: 10000, refund_fen: 15000 })
	let plan = await api('POST', '/compensation', { ticket_id: done.id, cause: '多等了一天', coupon_fen: 5000, refund_fen: 1200 })
	for (const action of ['approve', 'grant']) plan = await api('POST', `/compensation/${plan.id}/action/${action}`, { version: plan.version })
	const again = await reportRepair(phone, { product: '空调', symptom: '不制冷不制热', words: '吹了一下午还是不凉' })
	await move(again, 'accept')
	await move(again, 'resolve', { steps: '指导清洗滤网', result: '滤网已清洗' })
	const reopened = await move(again, 'reopen', { reason: '清洗后还是不凉' })
	await phone.go('/talk')
	await phone.page.locator('#talk-text').fill('冰箱冷藏室里面结冰了，菜都冻坏了')
	await phone.page.keyboard.press('Enter')
	await phone.page.locator('.message:not(.waiting) .bubble').first().waitFor()
	const talk = (await api('GET', '/conversation?limit=1')).items[0].id
	await api('POST', `/conversation/${talk}/message`, { text: '您好，前两次的记录我都看到了，您不用再说一遍。屏上有没有 E 开头的代码？', visibility: 'public' })
	await api('POST', `/conversation/${talk}/message`, { text: '像是风门卡在开位', visibility: 'internal' })
	await api('POST', `/ticket/${id}/link`, { ticket_id: reopened.id, kind: 'caused_by' })
	const { customer_id } = await api('GET', `/ticket/${id}`)
	await api('POST', '/ticket', { scene: 'repair', customer_id, text: '脱水时整台机器往外挪，声音很大，楼下来敲门了' })
	const { id: erased } = await api('POST', '/customer', { name: '曾琴', phone: '13900007777' })
	await api('POST', `/customer/${erased}/erase`, { reason: '本人要求' })
	for (const name of ['周婷', '周小姐']) await api('POST', '/customer', { name, phone: '13900008888' })
	const token = await api('POST', '/api_token', { name: 'ERP', scopes: ['ticket.read'] })
	const sheet = await upload('客户.csv', '\ufeff姓名,手机号\n丁一,19800000001\n坏号码,12345\n')
	const { id: imported } = await api('POST', '/import', { record: 'customer', file_id: sheet })
	return { phone, ids: { talk, working: id, solved: done.id, reopened: reopened.id, erased, imported, token: token.id } }
}

/* Keys, once the page is there to hear them. */
async function press(page, ready, ...keys) {
	await page.locator(ready).first().waitFor()
	for (const key of keys) await page.keyboard.press(key)
}

const scenes = ['repair', 'usage', 'complaint', 'return', 'installation', 'value_added', 'remote']

/* name → steps that lead to the page; `ready` is what must be seen. */
export function phonePages(ids) {
	return [
		{ name: 'h5-home', at: '/', ready: '.grid' },
		{ name: 'h5-menu', at: '/', ready: '.grid', then: (page) => page.locator('header .end').click() },
		{ name: 'h5-sign-in', at: '/sign-in', ready: '#phone' },
		{ name: 'h5-expired', at: '/sign-in?why=expired', ready: '#phone' },
		...scenes.map((scene) => ({ name: `h5-report-${scene.replace('_', '-')}`, at: `/report/${scene}`, ready: '#problem' })),
		{ name: 'h5-report-filled', fill: (phone) => fillRepair(phone, { words: '冷藏室后壁整块结冰，菜都冻坏了' }), ready: '#problem' },
		{ name: 'h5-device', at: '/report/usage', ready: '#problem', then: (page) => page.locator('#device .link').click() },
		{ name: 'h5-faults', at: '/report/complaint', ready: '#problem', then: (page) => page.locator('footer .primary').click() },
		{ name: 'h5-emergency', at: '/report/emergency', ready: 'label.chip', then: (page) => page.locator('label.chip').first().click() },
		{ name: 'h5-done', at: `/done?id=${ids.working}&no=SR20261122001`, ready: '.number' },
		{ name: 'h5-queued', at: '/done?queued=1', ready: '.mark' },
		{ name: 'h5-progress', at: `/ticket/${ids.working}`, ready: '.head .state' },
		{ name: 'h5-solved', at: `/ticket/${ids.solved}`, ready: '.head .state' },
		{ name: 'h5-add', at: `/ticket/${ids.working}`, ready: '.head .state', then: (page) => page.locator('footer .primary').click() },
		{ name: 'h5-talk', at: '/talk', ready: '.bubble' },
		{ name: 'h5-rating', at: `/ticket/${ids.solved}/rate`, ready: '.three', then: (page) => page.locator('.three .satisfied').click() },
		{ name: 'h5-rating-not', at: `/ticket/${ids.solved}/rate`, ready: '.three', then: (page) => page.locator('.three .not').click() },
	]
}

export async function openPhonePage(phone, one) {
	if (one.fill) await one.fill(phone)
	else await phone.go(one.at)
	await phone.page.locator(one.ready).first().waitFor()
	if (one.then) await one.then(phone.page)
	await settle(phone.page)
}

export async function consolePages(ids) {
	const first = async (record) => (await api('GET', `/${record}?limit=1`)).items[0]?.id
	const [customer, device, user, role] = [await first('customer'), await first('device'), await first('user'), await first('role')]
	const [calendar, policy, promise] = [await first('calendar'), await first('clock_policy'), await first('promise')]
	return [
		{ name: 'console-login', at: '/login', out: true },
		{ name: 'console-sign-in-back', at: '/sign-in/back?error=access_denied', out: true },
		{ name: 'console-invite', at: '/invite#nobody', out: true },
		{ name: 'console-tickets', at: '/ticket' },
		{ name: 'console-ticket', at: `/ticket/${ids.working}` },
		{ name: 'console-ticket-edit', at: `/ticket/${ids.working}`, then: (page) => page.locator('.problem header button').click() },
		{ name: 'console-ticket-assign', at: `/ticket/${ids.working}`, then: (page) => page.locator('.actions .btn').nth(3).click() },
		{ name: 'console-ticket-more', at: `/ticket/${ids.working}`, then: (page) => page.locator('.actions .more .btn').click() },
		{ name: 'console-ticket-reveal', at: `/ticket/${ids.working}`, then: (page) => page.locator('.side .eye').first().click() },
		{ name: 'console-ticket-history', at: `/ticket/${ids.working}`, then: (page) => page.locator('.papers .btn').last().click() },
		{ name: 'console-ticket-plan', at: `/ticket/${ids.working}`, then: (page) => page.locator('.plans header .btn').click() },
		{ name: 'console-ticket-reopened', at: `/ticket/${ids.reopened}` },
		{ name: 'console-ticket-given', at: `/ticket/${ids.solved}` },
		{ name: 'console-weekly', at: '/weekly' },
		{ name: 'console-approvals', at: '/approval?for=others' },
		{ name: 'console-ticket-print', at: `/ticket/${ids.solved}/print` },
		{ name: 'console-ticket-new', at: '/ticket/new' },
		{ name: 'console-desk', at: '/desk' },
		{ name: 'console-desk-talk', at: `/desk/${ids.talk}` },
		{ name: 'console-floor', at: '/desk/floor' },
		{ name: 'console-try', at: '/try' },
		{ name: 'console-web-chats', at: '/web_chat' },
		{ name: 'console-web-chat-new', at: '/web_chat/new' },
		{ name: 'console-queue', at: '/queue' },
		{ name: 'console-queue-team', at: '/queue?of=team' },
		{ name: 'console-wall', at: '/wall' },
		{ name: 'console-duty', at: '/duty' },
		{ name: 'console-duty-mine', at: '/duty/mine' },
		{ name: 'console-duty-state', at: '/customer', then: (page) => page.locator('.duty .state').click() },
		{ name: 'console-customers', at: '/customer' },
		{ name: 'console-suspects', at: '/customer/suspect' },
		{ name: 'console-tickets-chosen', at: '/ticket', then: (page) => press(page, 'tbody tr', 'x', 'j', 'x') },
		{ name: 'console-ticket-link', at: `/ticket/${ids.working}`, then: (page) => page.locator('.links header .btn').click() },
		{ name: 'console-list-chosen', at: '/customer', then: (page) => press(page, 'tbody tr', 'x') },
		{ name: 'console-list-preview', at: '/customer', then: (page) => press(page, 'tbody tr', 'j', 'e') },
		{ name: 'console-list-condition', at: '/customer', then: (page) => press(page, 'tbody tr', '/') },
		{ name: 'console-condition', at: `/ticket?condition=${encodeURIComponent('grade in (urgent, critical) and (age(created_at) > 2h or not (customer.level = vip and owner_id = me)) and created_at in last_month')}`,
			then: (page) => page.locator('.chip .words').first().click() },
		{ name: 'console-list-columns', at: '/customer', then: (page) => page.locator('.tools .btn').nth(1).click() },
		{ name: 'console-menu', at: '/customer', then: (page) => page.locator('.rail .foot').click() },
		{ name: 'console-person', at: '/customer', then: (page) => page.locator('.who').click() },
		{ name: 'console-keys', at: '/customer', then: (page) => press(page, 'tbody tr', '?') },
		{ name: 'console-search', at: '/customer', then: (page) => press(page, 'tbody tr', 'Control+k') },
		{ name: 'console-customer', at: `/customer/${customer}` },
		{ name: 'console-devices', at: '/device' },
		{ name: 'console-device', at: `/device/${device}` },
		{ name: 'console-device-new', at: '/device/new' },
		{ name: 'console-products', at: '/product' },
		{ name: 'console-users', at: '/user' },
		{ name: 'console-user', at: `/user/${user}` },
		{ name: 'console-user-new', at: '/user/new' },
		{ name: 'console-report-form', at: '/report_form/new' },
		{ name: 'console-role', at: `/role/${role}` },
		{ name: 'console-ticket-why', at: `/ticket/${ids.working}`, then: (page) => page.locator('.clocks .clock').first().click() },
		{ name: 'console-calendars', at: '/calendar' },
		{ name: 'console-calendar', at: `/calendar/${calendar}`, then: (page) => page.locator('.month td').first().waitFor() },
		{ name: 'console-measure-new', at: '/clock_measure/new' },
		{ name: 'console-promises', at: '/promise' },
		{ name: 'console-promise', at: '/promise', then: (page) => page.locator('tr.row .open').first().click() },
		{ name: 'console-rules', at: '/rule' },
		{ name: 'console-rule-new', at: '/rule/new', then: (page) => page.locator('.bar .chip').nth(2).click() },
		{ name: 'console-knowledge', at: '/knowledge' },
		{ name: 'console-knowledge-evaluation', at: '/knowledge/evaluation' },
		{ name: 'console-knowledge-gaps', at: '/knowledge/gaps' },
		{ name: 'console-knowledge-question', at: '/knowledge/A01' },
		{ name: 'console-knowledge-tree', at: '/knowledge/AC-T1' },
		{ name: 'console-templates', at: '/template' },
		{ name: 'console-template-new', at: '/template/new', then: (page) => page.locator('.bar .chip').first().click() },
		{ name: 'console-macro-new', at: '/macro/new', then: (page) => page.locator('.bar .chip').first().click() },
		{ name: 'console-ticket-template', at: `/ticket/${ids.working}`, then: (page) => press(page, '.compose textarea', 'Control+;') },
		{ name: 'console-webhook-new', at: '/webhook/new' },
		{ name: 'console-policies', at: '/clock_policy' },
		{ name: 'console-policy', at: `/clock_policy/${policy}` },
		{ name: 'console-tokens', at: '/api_token' },
		{ name: 'console-token-new', at: '/api_token/new' },
		{ name: 'console-import', at: '/import' },
		{ name: 'console-outbox', at: '/outbox' },
		{ name: 'console-company', at: '/company' },
		{ name: 'console-promise-new', at: '/promise/new', then: (page) => page.locator('.bar .chip').first().click() },
		{ name: 'console-promise-change', at: `/promise/${promise}` },
		{ name: 'console-macros', at: '/macro' },
		{ name: 'console-invitations', at: '/invitation' },
		{ name: 'console-shifts', at: '/shift' },
		{ name: 'console-absences', at: '/absence' },
		{ name: 'console-attendance', at: '/attendance' },
		{ name: 'console-weekly-sent', at: '/weekly_mail' },
		{ name: 'console-breach', at: '/breach' },
		{ name: 'console-system', at: '/system', then: (page) => page.getByRole('button', { name: /^等待|^Waiting/ }).click() },
		{ name: 'console-setting', at: '/setting' },
		{ name: 'console-flow', at: '/flow' },
		{ name: 'console-flow-new', at: '/flow/new?object=ticket', then: (page) => page.locator('.bar .chip').first().click() },
		{ name: 'console-retention', at: '/retention' },
		{ name: 'console-report-forms-archived', at: '/report_form?archived=1' },
		{ name: 'console-rules-archived', at: '/rule', then: (page) => page.locator('.archived .btn').first().click() },
		{ name: 'console-pack', at: '/pack' },
		{ name: 'console-settings', at: '/settings' },
		{ name: 'console-retention', at: '/retention' },
		{ name: 'console-steps', at: '/steps' },
		{ name: 'console-import-sheet', at: `/import/${ids.imported}`, then: (page) => page.locator('select').first().waitFor() },
		{ name: 'console-erasure', at: `/customer/${ids.erased}/erasure` },
		{ name: 'console-token', at: `/api_token/${ids.token}` },
		{ name: 'console-user-new', at: '/user/new' },
		{ name: 'console-roles', at: '/role' },
		{ name: 'console-role-new', at: '/role/new' },
		{ name: 'console-report-forms', at: '/report_form' },
		{ name: 'console-measures', at: '/clock_measure' },
		{ name: 'console-webhooks', at: '/webhook' },
		{ name: 'console-model-accounts', at: '/model_account' },
		{ name: 'console-model-new', at: '/model_account/new' },
		{ name: 'console-sms-gateways', at: '/sms_gateway' },
		{ name: 'console-sms-gateway-new', at: '/sms_gateway/new' },
		{ name: 'console-phone-lines', at: '/phone_line' },
		{ name: 'console-phone-line-new', at: '/phone_line/new' },
		{ name: 'console-calls', at: '/phone_call' },
		{ name: 'console-counter', at: '/counter' },
		{ name: 'console-mail', at: '/mail_account' },
		{ name: 'console-mail-new', at: '/mail_account/new' },
		{ name: 'console-wechat', at: '/wechat_account' },
		{ name: 'console-wechat-new', at: '/wechat_account/new' },
		{ name: 'console-custom-fields', at: '/custom_field' },
		{ name: 'console-custom-field-new', at: '/custom_field/new' },
		{ name: 'console-tags', at: '/tag' },
		{ name: 'console-flow-new', at: '/flow/new?object=ticket' },
		{ name: 'console-providers', at: '/sign_in_provider' },
		{ name: 'console-provider-new', at: '/sign_in_provider/new' },
		{ name: 'console-tasks', at: '/task' },
		...['model', 'team', 'region', 'shift_kind', 'break_reason', 'contact', 'address', 'consent', 'identity', 'chat_queue', 'article', 'phrasing', 'synonym', 'snippet', 'bot_turn', 'question_set', 'question_line', 'evaluation', 'model_call'].map((record) => ({ name: `console-${record.replace('_', '-')}s`, at: `/${record}` })),
		...['quality/report', 'quality/mine', 'quality', 'quality_rule', 'quality_rule/new'].map((at) => ({ name: `console-${at.replaceAll('/', '-').replaceAll('_', '-')}`, at: `/${at}` })),
		{ name: 'console-lost', at: '/no/such/page' },
		{ name: 'console-audit', at: '/audit', as: 'audit' },
	]
}

/* Where each of these leads is told by tests of their own: nobody comes here by an address, or only passes. */
const ELSEWHERE = ['/first-run', 'article/:id(\\\\d+)', 'quality/:id(\\\\d+)']

/* What the router and the rail offer and no page of the list shows. */
export function unseen(pages) {
	const source = (file) => readFileSync(join(root, 'web/apps/console', file), 'utf8')
	const addresses = pages.map((one) => one.at.replace(/[?#].*/, ''))
	const routes = [...source('app/router.ts').matchAll(/path: '([^']*)'(, redirect)?/g)]
		.filter(([, path, redirect]) => path !== '/' && !redirect && !ELSEWHERE.includes(path))
		.map(([, path]) => ({ path, shape: new RegExp(`^/?${path.replaceAll('\\\\', '\\').replace(/:\w+\(([^)]*)\)/g, '($1)').replace(/:\w+/g, '[^/]+')}$`) }))
	/* A page belongs to the first route that takes it, as in the router. */
	const taken = new Set(addresses.map((address) => routes.find(({ shape }) => shape.test(address))?.path))
	const nav = source('frame/nav.ts')
	const offered = [...nav.matchAll(/to: '(\/[^']+)'/g), ...nav.slice(0, nav.indexOf('elsewhere')).matchAll(/\['(\w+)', '\w+'\]/g)].map(([, found]) => (found.startsWith('/') ? found : `/${found}`))
	return [...routes.map(({ path }) => path).filter((path) => !taken.has(path)), ...offered.filter((address) => !addresses.includes(address))]
}

/* Each page of the list in turn, by whoever it is for: the administrator, or the account it names. */
export async function throughConsole(desk, pages, enter, see) {
	let who = null
	for (const one of [...pages.filter((page) => page.out), ...pages.filter((page) => !page.out && !page.as), ...pages.filter((page) => page.as)]) {
		const asked = one.out ? null : accountOf(one.as ?? 'admin')
		if (asked?.account !== who?.account) {
			await desk.context.clearCookies()
			await enter(desk, asked)
			who = asked
		}
		await see(one)
	}
}

export async function openConsolePage(page, one) {
	await page.goto(at(one.at))
	await page.locator('h1, main').first().waitFor()
	await page.locator('.loading').first().waitFor({ state: 'detached' })
	if (one.then) await one.then(page)
	await settle(page)
}

/* Pictures and fonts are in, nothing moves any more. */
async function settle(page) {
	await page.waitForFunction(() => !document.querySelector('.loading') && [...document.images].every((image) => image.complete))
	await settled(page)
}
