/* Sentences made from what the server says: state of a ticket, cover of a device, names of codes. Pure but for the language. */
import { dayText, lineText } from '@shared/format/time'
import { pick, t } from '@shared/i18n'
import { productOf, form } from './company'
import { when } from './clock'
import type { Device, Ticket } from './contract'

/* A reopened ticket is working again; to the customer it is another sentence. */
function stateKey(ticket: Ticket): string {
	return ticket.reopen_count > 0 && (ticket.state === 'working' || ticket.state === 'accepted') ? 'reopened' : ticket.state
}

export const stateTitle = (ticket: Ticket): string => (ticket.stage ? pick(ticket.stage) : t(`state.${stateKey(ticket)}`))

export function stateText(ticket: Ticket): string {
	const key = stateKey(ticket)
	if (key === 'closed') return t('stateText.closed', { day: lineText(ticket.closed_at ?? ticket.updated_at, when.value) })
	return t(`stateText.${key}`, { count: ticket.reopen_count })
}

/* Staff comes with the surname alone (林*): to customers that is 客服小林. */
export function staffName(name: string): string {
	const surname = name.replaceAll('*', '').trim()
	return surname ? t('progress.agent', { name: surname }) : t('progress.company')
}

/* What a ticket is about, as its customer calls it: the device, the kind of product, or the matter itself. */
export function subjectOf(ticket: Ticket): string {
	const product = productOf(ticket.product_id)
	return ticket.device ? deviceName(ticket.device) : product ? pick(product.name) : t(`scene.${ticket.scene}`)
}

export const deviceName = (device: Device): string => `${pick(device.name)} ${device.model}`.trim()

export function symptomNames(ticket: Ticket): string[] {
	const product = productOf(ticket.device?.product_id ?? ticket.product_id)
	return ticket.symptoms.map((code) => {
		const symptom = product?.symptoms.find((one) => one.code === code)
		return symptom ? pick(symptom.label) : code
	})
}

export function dangerName(code: string): string {
	const danger = form.value?.safety.dangers.find((one) => one.code === code)
	return danger ? pick(danger.label) : code
}

export function preferredText(ticket: Ticket): string {
	const time = form.value?.times.find((one) => one.value === ticket.preferred_time)
	const day = ticket.preferred_day ? dayText(ticket.preferred_day, when.value) : ''
	return [day, time ? pick(time.label) : ''].filter(Boolean).join(' ')
}
