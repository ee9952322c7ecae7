/* Files on their way: several at once one after the other, resumable, removable. Used by composers and forms. */
import { computed, ref } from 'vue'
import { t } from '@shared/i18n'
import { asApiError } from '@shared/api/error'
import { newUpload, send, type Upload } from '@shared/api/upload'
import { toast } from '@shared/blocks/toast'
import { client } from '../app/api'
import { useSession } from '../app/session'

export interface Row { key: number; file: File; upload: Upload; state: 'waiting' | 'sending' | 'done' | 'failed'; percent: number; message: string; stop: AbortController }

let count = 0

export function useUploads(path: string, accept = '') {
	const rows = ref<Row[]>([])
	const session = useSession()
	let busy = false

	function add(files: File[]): void {
		const most = session.setting('file.size')
		for (const file of files) {
			if (file.size > most) toast(t('upload.too_big', { name: file.name, size: `${Math.floor(most / 2 ** 20)} MB` }))
			else rows.value.push({ key: ++count, file, upload: newUpload(file), state: 'waiting', percent: 0, message: '', stop: new AbortController() })
		}
		void run()
	}
	function choose(): void {
		const input = document.createElement('input')
		input.type = 'file'
		input.multiple = true
		input.accept = accept
		input.onchange = () => add([...(input.files ?? [])])
		input.click()
	}
	async function run(): Promise<void> {
		if (busy) return
		busy = true
		for (let row = rows.value.find((r) => r.state === 'waiting'); row; row = rows.value.find((r) => r.state === 'waiting')) await one(row)
		busy = false
	}
	async function one(row: Row): Promise<void> {
		row.state = 'sending'
		try {
			await send(client, path, row.file, row.upload, (u) => { row.percent = Math.round((u.offset / Math.max(1, u.size)) * 100) }, row.stop.signal)
			row.state = 'done'
			row.percent = 100
		} catch (error) {
			row.state = 'failed'
			row.message = asApiError(error).message
		}
	}
	function again(row: Row): void {
		row.state = 'waiting'
		void run()
	}
	function remove(row: Row): void {
		row.stop.abort()
		rows.value = rows.value.filter((r) => r.key !== row.key)
	}
	const ids = computed(() => rows.value.filter((r) => r.state === 'done').map((r) => r.upload.id!))
	const running = computed(() => rows.value.some((r) => r.state === 'waiting' || r.state === 'sending'))
	return { rows, ids, running, add, choose, again, remove, drop: (gone: string[]) => { rows.value = rows.value.filter((r) => !gone.includes(r.upload.id ?? '')) } }
}

export type Uploads = ReturnType<typeof useUploads>
