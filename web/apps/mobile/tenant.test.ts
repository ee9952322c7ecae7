/* Which company the pages ask for: what the address says, then what is remembered. */
import { beforeEach, expect, it, vi } from 'vitest'
import { belongTo, forgetCompany, tenant } from './tenant'

const kept = new Map<string, string>()

function open(search: string, hash: string): void {
	vi.stubGlobal('window', { location: { search, hash } })
}

beforeEach(() => {
	kept.clear()
	vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => kept.set(k, v) })
	open('', '#/')
})

it('asks for none while nothing is known', () => {
	expect(tenant()).toEqual({})
})

it.each([['?c=north', '#/'], ['', '#/report/repair?c=north&d=x']])('takes it from %s%s and remembers it', (search, hash) => {
	open(search, hash)
	expect(tenant()).toEqual({ tenant: 'north' })
	open('', '#/')
	expect(tenant()).toEqual({ tenant: 'north' })
})

it('belongs to the company of the session, until an address names another', () => {
	belongTo('demo')
	expect(tenant()).toEqual({ tenant: 'demo' })
	open('?c=north', '#/')
	expect(tenant()).toEqual({ tenant: 'north' })
})

it('forgets what is remembered, never what the address says', () => {
	expect(forgetCompany()).toBe(false)
	belongTo('gone')
	expect(forgetCompany()).toBe(true)
	expect(tenant()).toEqual({})
	open('?c=north', '#/')
	tenant()
	expect(forgetCompany()).toBe(false)
	expect(tenant()).toEqual({ tenant: 'north' })
})
