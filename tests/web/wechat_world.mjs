/* The simulated WeChat of the API tests, run beside a browser test. */
import { api } from './staff.mjs'
import { startWorld } from './world.mjs'

/* Of shared/facts: what the simulator knows its app by. */
export const APP = { app_id: 'wx49f0ab532d5d035a', secret: 's3cret_of_the_app', token: 'anxin_token', aes_key: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR' }
export const startWeChat = () => startWorld('wechat_world.py')

/* An account that is on and can be called. */
export async function openAccount(wechat, title = '安心服务号') {
	const account = await api('POST', '/wechat_account', { title, kind: 'official', app_id: APP.app_id, api_url: wechat.api, state: 'on' })
	await api('POST', `/wechat_account/${account.id}/secret`, { secret: APP.secret, token: APP.token, aes_key: APP.aes_key })
	return account
}

/* Somebody new who writes to it, and what she has been sent. */
export function follower(wechat, callback) {
	const openid = `o${crypto.randomUUID().replaceAll('-', '')}`
	return {
		openid,
		write: (text) => wechat.ask({ do: 'write', server: process.env.ANXIN_URL, callback, openid, text }),
		sent: () => wechat.ask({ do: 'sent', openid }),
	}
}
