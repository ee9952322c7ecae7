/* The console's one client and one live line. */
import { Client } from '@shared/api/client'
import { Stream } from '@shared/api/stream'

export const client = new Client('/api/v1')
export const stream = new Stream({ client })
