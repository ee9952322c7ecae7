/*
 * Runs the search for the proof of work off the page's thread. One question, one answer, then terminated.
 */
import { findNonce } from './proof'

self.onmessage = (event: MessageEvent<{ challenge: string; bits: number }>) => {
	self.postMessage(findNonce(event.data.challenge, event.data.bits))
}
