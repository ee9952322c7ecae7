/* Start of the console: theme before the first paint, one language, then mount. */
import { createApp } from 'vue'
import { createPinia } from 'pinia'
import '@shared/base.css'
import { firstLang, i18n, ownTexts, useLang } from '@shared/i18n'
import { startTheme } from '@shared/theme'
import App from './App.vue'
import './app/keep_focus'
import { router } from './app/router'

startTheme('console')
ownTexts({ zh: () => import('./i18n/zh-CN'), en: () => import('./i18n/en') })
await useLang(firstLang())
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
