/* SVG path of an arc that starts at twelve and runs clockwise over `share` (0 to 1) of the circle. */
export function ring(x: number, y: number, r: number, share: number): string {
	if (share >= 0.999) return `M${x} ${y - r}a${r} ${r} 0 1 1 -0.01 0z`
	const angle = share * 2 * Math.PI
	const ex = x + r * Math.sin(angle)
	const ey = y - r * Math.cos(angle)
	return `M${x} ${y - r}A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${ex.toFixed(2)} ${ey.toFixed(2)}`
}
