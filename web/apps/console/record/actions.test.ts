/* Acting on a row that was changed meanwhile: a mark of reading holds nobody up, another's change does. */
import { ApiError } from '@shared/api/error'
import type { Action, Item } from '@shared/api/types'
import { beforeEach, expect, it, vi } from 'vitest'
import { act } from './actions'

const server = vi.hoisted(() => ({ row: {} as Record<string, unknown>, asked: [] as unknown[] }))
vi.mock('../app/session', () => ({ useSession: () => ({}) }))
vi.mock('../app/api', () => ({ client: { post: async (path: string, body: { version: number }) => {
	server.asked.push([path, body])
	if (body.version !== server.row.version) throw new ApiError(409, { code: 'version_conflict', message: 'changed' }, { current: server.row })
	return { ...server.row, state: 'closed' }
} } }))

const close = { name: 'close' } as Action
const seen: Item = { id: '7', version: 3, state: 'active', owner_id: '1', customer_no: 1, last_no: 2 }
beforeEach(() => { server.asked = [] })

it('goes on over what was only read meanwhile, with what she said', async () => {
	server.row = { ...seen, version: 5, customer_no: 2, updated_at: 9 }
	expect((await act('conversation', seen, close, { reason: 'done' })).state).toBe('closed')
	expect(server.asked).toEqual([3, 5].map((version) => ['/conversation/7/action/close', { version, reason: 'done' }]))
})

it.each([['owner_id', '2'], ['last_no', 3], ['state', 'waiting']])('does nothing where %s is another one', async (name, value) => {
	server.row = { ...seen, version: 4, [name]: value }
	await expect(act('conversation', seen, close)).rejects.toMatchObject({ code: 'version_conflict' })
	expect(server.asked).toHaveLength(1)
})
