/* Rows of a sheet as spreadsheets write it: cells in quotes may hold commas, line ends, and quotes twice. */
export function rowsOf(text: string): string[][] {
	const rows: string[][] = [[]]
	let cell = ''
	let quoted = false
	const clean = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
	for (let i = 0; i < clean.length; i++) {
		const c = clean[i]
		if (quoted && c === '"' && clean[i + 1] === '"') cell += clean[++i]
		else if (c === '"' && (quoted || !cell)) quoted = !quoted
		else if (!quoted && (c === ',' || c === '\n')) {
			rows[rows.length - 1].push(cell.trim())
			cell = ''
			if (c === '\n') rows.push([])
		} else cell += c
	}
	rows[rows.length - 1].push(cell.trim())
	return rows
}
