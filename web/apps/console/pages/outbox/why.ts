/* Why a message did not go its way, in words. By WeChat the row says a code and the way that it took instead: "43101 sms". */
import { has, t } from '@shared/i18n'
import type { Item } from '@shared/api/types'

export function whyOf(m: Item): string {
	const said = String(m.last_error ?? '')
	const found = /^(\S+) (sms|mail|none)$/.exec(said)
	if (m.channel !== 'wechat' || !found) return said
	const [, code, way] = found as unknown as [string, string, string]
	const words = has(`outbox.wechat_${code}`) ? t(`outbox.wechat_${code}`) : /^[a-z_]+\d{1,2}$/.test(code) ? t('outbox.wechat_keyword', { name: code }) : t('outbox.wechat_other')
	return t(`outbox.instead_${way}`, { why: /^\d+$/.test(code) ? t('outbox.why', { why: words, code }) : words })
}
