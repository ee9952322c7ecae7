/* A file on its way: resumed where it stopped, started anew when the server has dropped it. */
import { ApiError } from '@shared/api/error'
import { expect, it, vi } from 'vitest'
import { isUp, newPart, uploadPart } from './part'
import { client } from '../my'

const file = () => new File([new Uint8Array(700 * 1024)], 'a.jpg', { type: 'image/jpeg' })
const piece = 512 * 1024

it('is announced once and sent in pieces', async () => {
	const post = vi.spyOn(client, 'post').mockResolvedValue({ id: '7', offset: 0 })
	const patch = vi.spyOn(client, 'patch').mockImplementation(async (_path, body, options) =>
		({ offset: Number(options?.headers?.['Upload-Offset']) + (body as Blob).size }))
	const part = newPart(file())
	const shares: number[] = []
	expect(await uploadPart(part, (share) => shares.push(share))).toBe('7')
	expect([post.mock.calls.length, patch.mock.calls.length, isUp(part)]).toEqual([1, 2, true])
	expect(shares).toEqual([piece / (700 * 1024), 1])
	await uploadPart(part, () => undefined)
	expect(patch.mock.calls).toHaveLength(2)
	vi.restoreAllMocks()
})

it('starts anew when the server has dropped the unfinished file', async () => {
	const post = vi.spyOn(client, 'post').mockResolvedValue({ id: '8', offset: 0 })
	vi.spyOn(client, 'patch').mockImplementation(async (path, body, options) => {
		if (path.endsWith('/7')) throw new ApiError(404, { code: 'not_found', message: 'gone' })
		return { offset: Number(options?.headers?.['Upload-Offset']) + (body as Blob).size }
	})
	const part = newPart(file())
	Object.assign(part.upload, { id: '7', offset: piece })
	expect(await uploadPart(part, () => undefined)).toBe('8')
	expect(post.mock.calls).toHaveLength(1)
	vi.restoreAllMocks()
})

it('has one sender when the form and the outbox want the same file', async () => {
	const post = vi.spyOn(client, 'post').mockResolvedValue({ id: '9', offset: 0 })
	const patch = vi.spyOn(client, 'patch').mockImplementation(async (_path, body, options) =>
		({ offset: Number(options?.headers?.['Upload-Offset']) + (body as Blob).size }))
	const form = newPart(file())
	const outbox = { ...form, upload: { ...form.upload } }
	expect(await Promise.all([uploadPart(form, () => undefined), uploadPart(outbox, () => undefined)])).toEqual(['9', '9'])
	expect([post.mock.calls.length, patch.mock.calls.length, isUp(form), isUp(outbox)]).toEqual([1, 2, true, true])
	vi.restoreAllMocks()
})

it('leaves a refused file to the page', async () => {
	vi.spyOn(client, 'post').mockRejectedValue(new ApiError(415, { code: 'file_type', message: 'no' }))
	await expect(uploadPart(newPart(file()), () => undefined)).rejects.toThrow('no')
	vi.restoreAllMocks()
})
