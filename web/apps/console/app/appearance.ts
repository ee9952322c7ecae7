/* Theme and language of the person: applied at once, kept with her on the server, the same in the menu and in the settings. */
import { computed } from 'vue'
import { t, useLang, type Lang } from '@shared/i18n'
import { chooseTheme, type Theme } from '@shared/theme'
import { toastError } from '@shared/blocks/toast'
import { client } from './api'
import { useSession } from './session'

async function keep(change: { lang?: Lang; theme?: Theme }) {
	try { await client.call('PATCH /session', { body: change }) } catch (error) { toastError(error) }
}

export const themes = computed(() => (['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.theme_${value}`) })))
export const languages = computed(() => [{ value: 'zh', label: t('settings.lang_zh'), lang: 'zh-CN' }, { value: 'en', label: t('settings.lang_en'), lang: 'en' }])

export function toTheme(next: unknown): void {
	chooseTheme(next as Theme)
	void keep({ theme: next as Theme })
}

export async function toLang(next: unknown): Promise<void> {
	await useLang(next as Lang)
	await keep({ lang: next as Lang })
	await useSession().reloadMeta()
}
