/* The secret of a webhook that was just made, on its way from the page that made it to the page that shows it, once. Kept nowhere else. */
let kept: { id: string; secret: string } | null = null

export const fresh = {
	keep(id: string, secret: string): void { kept = { id, secret } },
	take(id: string): string | null {
		const secret = kept?.id === id ? kept.secret : null
		if (secret) kept = null
		return secret
	},
}
