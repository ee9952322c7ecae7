/* Somebody whom nobody has recognised, and whom her words may lead to. */
import { newNumber } from './customer.mjs'
import { api, at } from './staff.mjs'

/* A customer on file with a device and a ticket. */
export async function onFile(name) {
	const phone = newNumber()
	const { id } = await api('POST', '/customer', { name, phone })
	const model = (await api('GET', '/model?limit=1')).items[0]
	const device = await api('POST', '/device', { serial: `QX${Date.now()}`, model_id: model.id, customer_id: id })
	const ticket = await api('POST', '/ticket', { scene: 'usage', customer_id: id, device_id: device.id, channel: 'phone', text: '怎么设置童锁' })
	return { id, phone, name, serial: device.serial, no: ticket.no }
}

/* SMS as a gateway of the company's own hands it over: write() gives the conversation in which it is now. */
export async function openSms() {
	const row = await api('POST', '/sms_gateway', { title: '自有网关', kind: 'generic', state: 'on', api_url: 'https://sms.example.cn/send' })
	return {
		async write(from, text) {
			const reply = await fetch(at(`/api/v1/sms/${row.callback}`), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: crypto.randomUUID(), from, text }) })
			if (!reply.ok) throw new Error(`SMS: ${reply.status} ${await reply.text()}`)
			return (await api('GET', `/conversation?condition=${encodeURIComponent('channel = sms')}&sort=-last_at&limit=1`)).items[0].id
		},
		close: async () => api('PATCH', `/sms_gateway/${row.id}`, { version: (await api('GET', `/sms_gateway/${row.id}`)).version, state: 'off' }),
	}
}
