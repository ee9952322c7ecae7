/* The company's card: name, service phone, logo. */
import { newUpload, send } from '@shared/api/upload'
import { client } from './api'
import { useSession } from './session'

export interface Company { code: string; name: string; service_phone: string; logo_id: string | null; version: number }

/* The picture is asked anew when it is another file. */
export const logoUrl = (code: string, id: string) => client.url('/company/logo', { tenant: code, v: id })

export function company(): Promise<Company> {
	return client.get<Company>('/company')
}

/* With another picture, with none (null), or as it is (undefined). */
export async function saveCompany(card: Company, picture?: File | null): Promise<Company> {
	const logo = picture ? await send(client, '/file', picture, newUpload(picture), () => {}) : picture === null ? null : card.logo_id
	const { name, service_phone, version } = card
	const saved = await client.patch<Company>('/company', { name: name.trim(), service_phone: service_phone.trim(), logo_id: logo, version })
	const { tenant } = useSession()
	if (tenant) Object.assign(tenant, { name: saved.name, logo: saved.logo_id ?? '0' })
	return saved
}
