/* Whether the form of a page is open, and what it begins with besides what is kept: the values before a change of the history. They are
 * looked at and saved like any edit, so that the history keeps both ways. */
import { ref, shallowRef } from 'vue'
import { t } from '@shared/i18n'
import type { Item } from '@shared/api/types'
import { toast } from '@shared/blocks/toast'
import { useSession } from '../app/session'
import { toastSaved } from './saved'

export function useEditing(record: () => string, take: (next: Item) => void) {
	const session = useSession()
	const editing = ref(false)
	const preset = shallowRef<Record<string, unknown>>()
	const opened = ref(0)

	function edit(values?: Record<string, unknown>) {
		preset.value = values
		opened.value++
		editing.value = true
		if (values) toast(t('definition.reverted'))
	}
	/* before: the row that the form was filled from, or that it was settled with. */
	function saved(next: Item, before: Item | null) {
		take(next)
		editing.value = false
		toastSaved(record(), session.record(record())?.fields ?? [], before, next, take)
	}
	return { editing, preset, opened, edit, saved }
}
