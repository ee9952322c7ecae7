/*
 * Which company these pages speak for, when one server holds several: `?c=CODE` in the address the company hands out, remembered
 * from then on. Empty for the usual server with one company.
 */
import { recall, remember } from '@shared/i18n'

function given(): string {
	const fragment = window.location.hash.split('?', 2)[1] ?? ''
	return new URLSearchParams(window.location.search).get('c') ?? new URLSearchParams(fragment).get('c') ?? ''
}

/* Whoever came by a link or a code is of this company, whether its address said so or not. */
export function belongTo(code: string): void {
	remember('tenant', code)
}

/* The company that is remembered is no longer here: true when there was one to forget. */
export function forgetCompany(): boolean {
	const known = Boolean(recall('tenant')) && !given()
	if (known) remember('tenant', '')
	return known
}

export function tenant(): { tenant?: string } {
	const code = given()
	if (code) remember('tenant', code)
	const known = code || recall('tenant')
	return known ? { tenant: known } : {}
}
