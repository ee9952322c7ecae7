/* Whether the form of a page is open, and what it begins with besides what is kept: the values before a change of the history. They are
 * looked at and saved like any edit, so that the history keeps both ways. */
import { ref, shallowRef } from 'vue'
import { t } from '@shared/i18n'
import { toast } from '@shared/blocks/toast'

export function useEditing() {
	const editing = ref(false)
	const preset = shallowRef<Record<string, unknown>>()
	const opened = ref(0)
	function edit(values?: Record<string, unknown>) {
		preset.value = values
		opened.value++
		editing.value = true
		if (values) toast(t('definition.reverted'))
	}
	return { editing, preset, opened, edit }
}
