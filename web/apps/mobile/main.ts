/* Start of the customer pages: words and theme first, then the page; a token in the address is taken out before anything reads it. */
import './mobile.css'
import { firstLang, i18n, ownTexts, useLang } from '@shared/i18n'
import { startTheme } from '@shared/theme'
import { createApp } from 'vue'
import App from './App.vue'
import { client } from './my'
import { watchNetwork } from './outbox'
import { makeRouter } from './routes'
import { forget, signInByToken, takeToken } from './session'
import { applyElder } from './settings'

/* Resolves to false when the link no longer opens anything. */
async function takeLink(): Promise<boolean> {
	const link = takeToken(window.location.hash)
	if (!link) return true
	window.history.replaceState(window.history.state, '', link.rest)
	return signInByToken(link.token).then(
		() => true,
		() => false,
	)
}

async function start(): Promise<void> {
	startTheme('mobile')
	applyElder()
	ownTexts({ zh: () => import('./i18n/zh-CN'), en: () => import('./i18n/en') })
	client.onUnauthorised = forget
	const [opened] = await Promise.all([takeLink(), useLang(firstLang())])
	const app = createApp(App)
	app.use(i18n)
	const router = makeRouter()
	app.use(router)
	if (!opened) await router.replace({ name: 'sign-in', query: { why: 'expired', next: window.location.hash.slice(1) } })
	app.mount('#app')
	watchNetwork()
}

void start()
