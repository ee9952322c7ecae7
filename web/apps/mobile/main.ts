/* Start of the app: theme before the first paint, one language, then mount. */
import { createApp } from 'vue'
import '@shared/base.css'
import { firstLang, i18n, ownTexts, useLang } from '@shared/i18n'
import { startTheme } from '@shared/theme'
import App from './App.vue'

startTheme('mobile')
ownTexts({ zh: () => import('./i18n/zh-CN'), en: () => import('./i18n/en') })
await useLang(firstLang())
createApp(App).use(i18n).mount('#app')
