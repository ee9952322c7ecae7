/* What a new gateway or telephone system begins with, and examples that are right but for the company's own names. */
import { t } from '@shared/i18n'

export type Line = 'sms_gateway' | 'phone_line'
type Values = Record<string, unknown>

export const starts: Record<Line, Values> = {
	sms_gateway: { title: '', kind: 'aliyun', state: 'off', sign_name: '', access_id: '', app_id: '', region: '', templates: '', api_url: '' },
	phone_line: { title: '', state: 'off', team_id: null, dial_url: '', record_hosts: '' },
}
/* By kind: fields that a vendor does not know. */
export const hidden: Record<string, string[]> = { aliyun: ['app_id', 'region'], generic: ['sign_name', 'access_id', 'app_id', 'region', 'templates'] }

export const examplesOf = (): Record<Line, Record<string, Values>> => ({
	sms_gateway: {
		aliyun: { kind: 'aliyun', sign_name: t('line.example_sign'), access_id: 'LTAI5tExample', templates: 'sign_in_code = SMS_1000001 code,minutes\nticket_received = SMS_1000002 no\n* = SMS_1000003 content:text' },
		tencent: { kind: 'tencent', sign_name: t('line.example_sign'), access_id: 'AKIDExample', app_id: '1400000001', region: 'ap-guangzhou', templates: 'sign_in_code = 1000001 code,minutes\nticket_received = 1000002 no\n* = 1000003 text' },
		generic: { kind: 'generic', api_url: 'https://sms.example.cn/send' },
	},
	phone_line: {
		cti: { dial_url: 'https://cti.example.cn/dial', record_hosts: 'rec.example.cn' },
	},
})
