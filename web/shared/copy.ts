/* Puts a text on the clipboard. False where the browser offers none (plain http) or refuses: then the page selects the text. */
export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text)
		return true
	} catch {
		return false
	}
}
