/*
 * One file on its way to the server: the file itself and how far it got, so that drafts and the outbox can keep both.
 * The resumable protocol is the shared one; here is only the case that the server has dropped an unfinished file meanwhile.
 */
import { newUpload, send, type Upload } from '@shared/api/upload'
import { markRaw, toRaw } from 'vue'
import { ApiError, client } from '../my'

export interface Part {
	file: File
	upload: Upload
}

export function newPart(file: File): Part {
	return { file: markRaw(file), upload: newUpload(file) }
}

export const isUp = (part: Part) => part.upload.id !== null && part.upload.offset >= part.upload.size

/* The form uploads while the person writes, the outbox when she sends: one file, one sender, whoever comes second waits for it. */
const running = new WeakMap<File, Promise<string>>()

/* Sends what is missing and returns the file's id. Throws ApiError; calling again goes on. */
export function uploadPart(part: Part, progress: (share: number) => void): Promise<string> {
	if (isUp(part)) return Promise.resolve(part.upload.id as string)
	const file = toRaw(part.file)
	const sending = running.get(file) ?? sendRest(part, progress).finally(() => running.delete(file))
	running.set(file, sending)
	return sending.then((id) => {
		Object.assign(part.upload, { id, offset: part.upload.size })
		return id
	})
}

async function sendRest(part: Part, progress: (share: number) => void): Promise<string> {
	const go = () => send(client, '/file', part.file, part.upload, (u) => progress(u.offset / Math.max(1, u.size)))
	try {
		return await go()
	} catch (error) {
		const dropped = error instanceof ApiError && (error.status === 404 || error.status === 410)
		if (!dropped || part.upload.id === null) throw error
		part.upload = newUpload(part.file)
		return go()
	}
}
