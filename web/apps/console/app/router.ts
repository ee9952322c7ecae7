/*
 * Pages by address; each is its own chunk. Whoever is not logged in goes to the log-in page and comes back.
 * `/{record}`, `/{record}/new` and `/{record}/{id}` serve every record that has no page of its own.
 */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from './session'
import { client } from './api'
import { isFirstRun } from './first_run'

/* Where somebody begins: an auditor has no tickets. */
function first(): string {
	const session = useSession()
	return !session.may('ticket.read') && session.may('audit.read') ? '/audit' : '/ticket'
}

const routes: RouteRecordRaw[] = [
	{ path: '/login', name: 'login', component: () => import('../pages/login/LoginPage.vue'), meta: { open: true } },
	{ path: '/sign-in/back', component: () => import('../pages/login/BackPage.vue'), meta: { open: true } },
	{ path: '/first-run', component: () => import('../pages/first_run/FirstRunPage.vue'), meta: { open: true } },
	{ path: '/invite', component: () => import('../pages/invite/InvitePage.vue'), meta: { open: true } },
	{ path: '/ticket/:id(\\d+)/print', component: () => import('../pages/ticket_print/PrintPage.vue'), props: true },
	{ path: '/customer/:id(\\d+)/erasure', component: () => import('../pages/customer_erasure/ErasurePage.vue'), props: true },
	{
		path: '/',
		component: () => import('../frame/AppFrame.vue'),
		children: [
			{ path: '', redirect: () => first() },
			{ path: 'audit', component: () => import('../pages/audit/AuditPage.vue') },
			{ path: 'ticket/new', component: () => import('../pages/ticket-new/TicketNewPage.vue') },
			{ path: 'ticket/:id', component: () => import('../pages/ticket/TicketPage.vue'), props: true },
			{ path: 'customer/suspect', component: () => import('../pages/customer/SuspectPage.vue') },
			{ path: 'customer/:id(\\d+)', component: () => import('../pages/customer/CustomerPage.vue'), props: true },
			{ path: 'device/:id(\\d+)', component: () => import('../pages/device/DevicePage.vue'), props: true },
			{ path: 'role/:id(\\d+|new)', component: () => import('../pages/role/RolePage.vue'), props: true },
			{ path: 'api_token/new', component: () => import('../pages/api_token/TokenNewPage.vue') },
			{ path: 'api_token/:id(\\d+)', component: () => import('../pages/api_token/TokenPage.vue'), props: true },
			{ path: 'calendar/:id(\\d+|new)', component: () => import('../pages/calendar/CalendarPage.vue'), props: true },
			{ path: 'clock_measure/:id(\\d+|new)', component: () => import('../pages/clock_measure/MeasurePage.vue'), props: true },
			{ path: 'clock_policy', component: () => import('../pages/clock_policy/PolicyListPage.vue') },
			{ path: 'clock_policy/:id(\\d+|new)', component: () => import('../pages/clock_policy/PolicyPage.vue'), props: true },
			{ path: 'approval', component: () => import('../pages/approval/ApprovalPage.vue') },
			{ path: 'promise', component: () => import('../pages/promise/PromisePage.vue') },
			{ path: 'rule', component: () => import('../pages/rule/RuleListPage.vue') },
			{ path: 'rule/:id(\\d+|new)', component: () => import('../pages/rule/RulePage.vue'), props: true },
			{ path: 'macro/:id(\\d+|new)', component: () => import('../pages/macro/MacroPage.vue'), props: true },
			{ path: 'template/:id(\\d+|new)', component: () => import('../pages/template/TemplatePage.vue'), props: true },
			{ path: 'article/new', redirect: '/knowledge/new' },
			{ path: 'article/:id(\\d+)', component: () => import('../pages/knowledge/ArticleWay.vue'), props: true },
			{ path: 'knowledge', component: () => import('../pages/knowledge/KnowledgePage.vue') },
			{ path: 'knowledge/evaluation', component: () => import('../pages/evaluation/EvaluationPage.vue') },
			{ path: 'knowledge/gaps', component: () => import('../pages/evaluation/GapsPage.vue') },
			{ path: 'knowledge/:code', component: () => import('../pages/knowledge/EntryWay.vue'), props: true },
			{ path: 'custom_field/:id(\\d+|new)', component: () => import('../pages/custom_field/CustomFieldPage.vue'), props: true },
			{ path: 'tag', component: () => import('../pages/tag/TagPage.vue') },
			{ path: 'webhook/:id(\\d+|new)', component: () => import('../pages/webhook/WebhookPage.vue'), props: true },
			{ path: 'model_account/:id(\\d+|new)', component: () => import('../pages/model_account/ModelPage.vue'), props: true },
			{ path: 'mail_account/:id(\\d+|new)', component: () => import('../pages/mail_account/MailPage.vue'), props: true },
			{ path: 'wechat_account/:id(\\d+|new)', component: () => import('../pages/wechat_account/WechatPage.vue'), props: true },
			{ path: 'sms_gateway/:id(\\d+|new)', component: () => import('../pages/line/LinePage.vue'), props: (to) => ({ record: 'sms_gateway', id: to.params.id }) },
			{ path: 'phone_line/:id(\\d+|new)', component: () => import('../pages/line/LinePage.vue'), props: (to) => ({ record: 'phone_line', id: to.params.id }) },
			{ path: 'counter', component: () => import('../pages/counter/CounterPage.vue') },
			{ path: 'sign_in_provider/:id(\\d+|new)', component: () => import('../pages/sign_in_provider/ProviderPage.vue'), props: true },
			{ path: 'web_chat/:id(\\d+|new)', component: () => import('../pages/web_chat/WebChatPage.vue'), props: true },
			{ path: 'try', component: () => import('../pages/try_it/TryPage.vue') },
			{ path: 'import', component: () => import('../pages/import/ImportListPage.vue') },
			{ path: 'import/:id(\\d+)', component: () => import('../pages/import/ImportPage.vue'), props: true },
			{ path: 'duty', component: () => import('../pages/duty/WeekPage.vue') },
			{ path: 'duty/mine', component: () => import('../pages/duty/MinePage.vue') },
			{ path: 'conversation/:id(\\d+)', redirect: (to) => `/desk/${String(to.params.id)}` },
			{ path: 'desk/floor', component: () => import('../pages/desk/FloorPage.vue') },
			{ path: 'desk/:id(\\d+)?', component: () => import('../pages/desk/DeskPage.vue'), props: true, meta: { stays: 'desk' } }, // its list is not asked anew for each conversation
			{ path: 'queue', component: () => import('../pages/queue/QueuePage.vue') },
			{ path: 'wall', component: () => import('../pages/wall/WallPage.vue') },
			{ path: 'breach', component: () => import('../pages/breach/BreachPage.vue') },
			{ path: 'retention', component: () => import('../pages/retention/RetentionPage.vue') },
			{ path: 'system', component: () => import('../pages/system/SystemPage.vue') },
			{ path: 'quality/report', component: () => import('../pages/quality/ReportPage.vue') },
			{ path: 'quality/mine', component: () => import('../pages/quality/MinePage.vue') },
			{ path: 'quality/:id(\\d+)', component: () => import('../pages/quality/ReviewPage.vue'), props: true },
			{ path: 'quality_rule/:id(\\d+|new)', component: () => import('../pages/quality/RulePage.vue'), props: true },
			{ path: 'weekly', component: () => import('../pages/weekly/WeeklyPage.vue') },
			{ path: 'outbox', component: () => import('../pages/outbox/OutboxPage.vue') },
			{ path: 'setting', component: () => import('../pages/setting/SettingPage.vue') },
			{ path: 'flow', component: () => import('../pages/flow/FlowPage.vue') },
			{ path: 'report_form/:id(\\d+|new)', component: () => import('../pages/report_form/FormEditPage.vue'), props: true },
			{ path: 'flow/:id(\\d+|new)', component: () => import('../pages/flow/FlowEditPage.vue'), props: true },
			{ path: 'pack', component: () => import('../pages/pack/PackPage.vue') },
			{ path: 'company', component: () => import('../pages/company/CompanyPage.vue') },
			{ path: 'steps', component: () => import('../pages/first_run/StepsPage.vue') },
			{ path: 'settings', component: () => import('../pages/settings/SettingsPage.vue') },
			{ path: ':record([a-z_]+)', component: () => import('../list/ListPage.vue'), props: true },
			{ path: ':record([a-z_]+)/new', component: () => import('../record/FormPage.vue'), props: true },
			{ path: ':record([a-z_]+)/:id(\\d+)', component: () => import('../record/DetailPage.vue'), props: true },
			{ path: ':rest(.*)', component: () => import('../pages/lost/LostPage.vue') },
		],
	},
]

export const router = createRouter({ history: createWebHistory('/'), routes })

router.beforeEach(async (to) => {
	if (to.meta.open) return to.name === 'login' && await isFirstRun() ? '/first-run' : true
	return await useSession().resume() || { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

/* Nobody was here for too long: the page says so, and log-in leads back to it. */
router.isReady().then(() => {
	useSession().onIdle = () => { void router.push({ name: 'login', query: { next: router.currentRoute.value.fullPath, idle: '1' } }) }
})

/* The session ended while working: log in, then back to the same place. */
client.onUnauthorised = () => {
	const session = useSession()
	if (!session.user) return
	session.forget()
	void router.push({ name: 'login', query: { next: router.currentRoute.value.fullPath, expired: '1' } })
}
