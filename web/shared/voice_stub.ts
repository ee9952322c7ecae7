/* A microphone for tests: allowed at once or when the test allows it, and it tells when it is let go of. */
import { vi } from 'vitest'

export function microphone(allowed: 'at once' | 'later') {
	const mine = { stop: vi.fn(), allow: () => {}, starts: () => {} }
	vi.stubGlobal('MediaRecorder', class {
		static isTypeSupported = () => true
		state = 'inactive'
		onstop: (() => void) | null = null
		start() { mine.starts(); this.state = 'recording' }
		stop() { this.state = 'inactive'; this.onstop?.() }
	})
	const given = { getTracks: () => [{ stop: mine.stop }] }
	const getUserMedia = () => new Promise((done) => {
		mine.allow = () => done(given)
		if (allowed === 'at once') mine.allow()
	})
	vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } })
	return mine
}
