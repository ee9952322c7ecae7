/*
 * Resumable upload of one file: announced once, then sent in pieces; after a broken connection the server is asked how far
 * it got and the rest follows. `part` is changed in place, so that what holds it (draft, outbox) can store the progress.
 */
import * as my from '../my'
import { ApiError } from '../my'

const PIECE = 256 * 1024

export interface Part {
	name: string
	type: string
	blob: Blob
	file_id: string | null
	sent: number // bytes the server has acknowledged
}

/* The server knows better than the phone where to go on: after a restart, a lost answer, or a file it dropped. */
async function place(part: Part): Promise<void> {
	if (part.file_id) {
		try {
			part.sent = (await my.fileOffset(part.file_id)).offset
			return
		} catch (error) {
			if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error
		}
	}
	const made = await my.fileStart({ name: part.name, size: part.blob.size, type: part.type })
	part.file_id = made.id
	part.sent = made.offset
}

/* Resolves when the whole file is on the server; `progress` gets 0…1. Throws ApiError. */
export async function uploadPart(part: Part, progress: (share: number) => void): Promise<void> {
	await place(part)
	while (part.sent < part.blob.size) {
		const piece = part.blob.slice(part.sent, part.sent + PIECE)
		part.sent = (await my.filePiece(part.file_id as string, part.sent, piece)).offset
		progress(part.sent / part.blob.size)
	}
	progress(1)
}
