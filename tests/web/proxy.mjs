/* A line between browser and server that can be cut: plain bytes both ways, so cookies, uploads and WebSocket pass as they are. */
import { connect, createServer } from 'node:net'

export async function openLine(target) {
	const { hostname, port } = new URL(target)
	const ends = new Set()
	let whole = true
	const listener = createServer((near) => {
		if (!whole) return near.destroy()
		const far = connect(Number(port), hostname)
		for (const end of [near, far]) {
			ends.add(end)
			end.on('error', () => end.destroy())
			end.on('close', () => {
				ends.delete(end)
				near.destroy()
				far.destroy()
			})
		}
		near.pipe(far)
		far.pipe(near)
	})
	await new Promise((done) => listener.listen(0, '127.0.0.1', done))
	return {
		url: `http://127.0.0.1:${listener.address().port}`,
		cut() {
			whole = false
			for (const end of ends) end.destroy()
		},
		mend: () => (whole = true),
		async close() {
			this.cut()
			await new Promise((done) => listener.close(done))
		},
	}
}
