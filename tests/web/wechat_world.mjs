/* The simulated WeChat of the API tests, run beside a browser test. */
import { startWorld } from './world.mjs'

/* Of shared/facts: what the simulator knows its app by. */
export const APP = { app_id: 'wx49f0ab532d5d035a', secret: 's3cret_of_the_app', token: 'anxin_token', aes_key: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR' }
export const startWeChat = () => startWorld('wechat_world.py')
