/*
 * The pages, in the URL's fragment: the server then serves one file, and a link's token never reaches its log.
 * The entry page is in the first load, everything else is a piece of its own.
 */
import { createRouter, createWebHashHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import HomePage from './pages/home/HomePage.vue'
import { loadSession } from './session'

declare module 'vue-router' {
	interface RouteMeta {
		signedIn?: boolean
	}
}

const routes: RouteRecordRaw[] = [
	{ path: '/', name: 'home', component: HomePage },
	{ path: '/sign-in', name: 'sign-in', component: () => import('./pages/sign_in/SignInPage.vue') },
	{ path: '/report/:scene', name: 'report', component: () => import('./pages/report/ReportPage.vue'), props: true, meta: { signedIn: true } },
	{ path: '/done', name: 'done', component: () => import('./pages/done/DonePage.vue') },
	{ path: '/talk', name: 'talk', component: () => import('./pages/talk/TalkPage.vue'), meta: { signedIn: true } },
	{ path: '/ticket/:id', name: 'ticket', component: () => import('./pages/ticket/TicketPage.vue'), props: true, meta: { signedIn: true } },
	{ path: '/ticket/:id/rate', name: 'rate', component: () => import('./pages/rate/RatePage.vue'), props: true, meta: { signedIn: true } },
	{ path: '/:rest(.*)*', redirect: '/' },
]

/* Nobody in danger is asked for a code first: the emergency page asks when it sends. */
async function mayEnter(to: RouteLocationNormalized) {
	if (!to.meta.signedIn || to.params.scene === 'emergency') return true
	try {
		if (await loadSession()) return true
	} catch {
		return true // without network the page shows what the phone has kept
	}
	return { name: 'sign-in', query: { next: to.fullPath } }
}

/* Made when the address holds no token any more: a router remembers the address it was born with. */
export function makeRouter() {
	const router = createRouter({
		history: createWebHashHistory('/h5/'),
		scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
		routes,
	})
	router.beforeEach(mayEnter)
	return router
}
