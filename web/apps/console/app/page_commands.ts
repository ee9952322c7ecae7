/* What the page in sight offers to Ctrl K beside what is always there: it says so while it is shown. */
import { computed, onBeforeUnmount, shallowRef } from 'vue'
import type { IconName } from '@shared/icons/paths'

export interface PageCommand { key: string; icon: IconName; title: string; words?: string; run: () => void }

const offers = shallowRef<(() => PageCommand[])[]>([])
export const pageCommands = computed(() => offers.value.flatMap((offer) => offer()))

export function usePageCommands(offer: () => PageCommand[]): void {
	offers.value = [...offers.value, offer]
	onBeforeUnmount(() => { offers.value = offers.value.filter((one) => one !== offer) })
}
