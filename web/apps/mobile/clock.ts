/*
 * Now, for what changes on the screen by itself (cool-down, countdown): one timer for all pages, a tick a second.
 * Days and times are shown in the company's zone, not the phone's: a visit at 15:00 is 15:00 at the door.
 */
import { lang } from '@shared/i18n'
import type { When } from '@shared/format/time'
import { computed, onBeforeUnmount, onMounted, ref } from 'vue'

export const ZONE = 'Asia/Shanghai'
export const now = ref(Date.now())
let users = 0
let timer = 0

/* Keeps `now` moving while the component is on the screen. */
export function useNow() {
	onMounted(() => {
		if (users++ > 0) return
		now.value = Date.now()
		timer = window.setInterval(() => (now.value = Date.now()), 1000)
	})
	onBeforeUnmount(() => {
		if (--users === 0) window.clearInterval(timer)
	})
	return now
}

export const when = computed<When>(() => ({ now: now.value, zone: ZONE, lang: lang.value }))
