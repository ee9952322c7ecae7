/*
 * Resumable upload: announce, send parts, ask for the offset after a cut and go on from there.
 * Promises progress in bytes and an error that can be resumed; does not shrink pictures (a page may, before).
 */
import type { Client } from './client'
import { ApiError } from './error'

const PART_BYTES = 512 * 1024

export interface Upload { id: string | null; offset: number; size: number; name: string }

interface Place { id: string; offset: number }

/* Sends the rest of `file`; `upload` keeps the state, so that calling again resumes. Returns the file's id. */
export async function send(client: Client, path: string, file: File, upload: Upload,
	onProgress: (upload: Upload) => void, signal?: AbortSignal): Promise<string> {
	if (!upload.id) {
		const made = await client.post<Place>(path, { name: file.name, size: file.size, type: file.type || 'application/octet-stream' }, { signal })
		upload.id = made.id
		upload.offset = made.offset
	}
	while (upload.offset < file.size) {
		const part = file.slice(upload.offset, upload.offset + PART_BYTES)
		upload.offset = await sendPart(client, `${path}/${upload.id}`, part, upload.offset, signal)
		onProgress(upload)
	}
	return upload.id
}

/* One part; when the server holds another offset than we think (409), its answer is the truth. */
async function sendPart(client: Client, path: string, part: Blob, offset: number, signal?: AbortSignal): Promise<number> {
	try {
		const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' }
		return (await client.patch<Place>(path, part, { headers, signal, timeoutMs: 120_000 })).offset
	} catch (error) {
		if (error instanceof ApiError && error.status === 409 && typeof error.body.offset === 'number') return error.body.offset
		throw error
	}
}

export function newUpload(file: File): Upload {
	return { id: null, offset: 0, size: file.size, name: file.name }
}
