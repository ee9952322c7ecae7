/* Uploads in parts: what is sent, and how one resumes after a lost answer. */
import { describe, expect, it, vi } from 'vitest'
import { newUpload, send } from './upload'
import { ApiError } from './error'
import type { Client } from './client'

function server(size: number) {
	let stored = 0
	return {
		cut: false,
		post: vi.fn(async () => ({ id: 'f1', offset: 0 })),
		patch: vi.fn(async function (this: { cut: boolean }, _path: string, part: Blob, options: { headers: Record<string, string> }) {
			const at = Number(options.headers['Upload-Offset'])
			if (at !== stored) throw new ApiError(409, { code: 'offset', message: 'x' }, { offset: stored })
			stored = Math.min(size, at + part.size)
			if (this.cut) { this.cut = false; throw new ApiError(0, { code: 'network', message: 'x' }) }
			return { id: 'f1', offset: stored }
		}),
	}
}

describe('upload', () => {
	const file = new File([new Uint8Array(1_200_000)], 'a.jpg', { type: 'image/jpeg' })

	it('sends in parts and tells the progress', async () => {
		const api = server(file.size)
		const seen: number[] = []
		expect(await send(api as unknown as Client, '/file', file, newUpload(file), (u) => seen.push(u.offset))).toBe('f1')
		expect(seen).toEqual([524288, 1048576, 1200000])
	})

	it('resumes after a cut where the server stands, not where we think', async () => {
		const api = server(file.size)
		const upload = newUpload(file)
		api.cut = true
		await expect(send(api as unknown as Client, '/file', file, upload, () => {})).rejects.toThrow()
		expect(upload.offset).toBe(0)
		expect(await send(api as unknown as Client, '/file', file, upload, () => {})).toBe('f1')
		expect(api.post).toHaveBeenCalledOnce()
		expect(api.patch).toHaveBeenCalledTimes(4)
	})
})
