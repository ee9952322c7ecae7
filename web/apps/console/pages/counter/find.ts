/* Who it may be, by one field: a phone number or a name finds customers, a serial their device. */
import type { Item } from '@shared/api/types'
import { client } from '../../app/api'
import { isRef } from '../../record/fields'

export interface Person { customer: Item; devices: Item[]; found?: string }
const PEOPLE_MOST = 8
const DEVICES_MOST = 20

async function withDevices(customer: Item, found?: string): Promise<Person> {
	const devices = (await client.list('device', { filter: [['customer_id', '=', customer.id]], limit: DEVICES_MOST })).items
	return { customer, devices, found }
}

export async function findPeople(words: string): Promise<Person[]> {
	const [customers, devices] = await Promise.all([client.list('customer', { q: words, limit: PEOPLE_MOST }), client.list('device', { q: words, limit: PEOPLE_MOST })])
	const people = await Promise.all(customers.items.filter((one) => one.kind !== 'visitor').map((one) => withDevices(one)))
	for (const device of devices.items) {
		if (!isRef(device.customer_id) || people.some((p) => p.customer.id === device.customer_id)) continue
		people.push(await withDevices(await client.get<Item>(`/customer/${device.customer_id}`), device.id))
	}
	return people
}
