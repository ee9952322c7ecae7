/* Real mail servers, run beside a browser test; `missing` says why there are none. */
import { api } from './staff.mjs'
import { startWorld } from './world.mjs'

export const startMail = () => startWorld('mail_world.py')

/* A mailbox of the company that is read and answers. */
export async function openMailbox(post, address) {
	const server = (way, port) => ({ [`${way}_host`]: '127.0.0.1', [`${way}_port`]: port, [`${way}_tls`]: 'none' })
	const account = await api('POST', '/mail_account', { title: '客服邮箱', address, ...server('imap', post.imap_port), ...server('smtp', post.smtp_port), reply: 'plus', takes: 'all', state: 'on' })
	await api('POST', `/mail_account/${account.id}/secret`, { password: post.password })
	return account
}
