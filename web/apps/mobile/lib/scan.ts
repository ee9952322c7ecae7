/*
 * Reads a QR code from a camera frame or a photo: by the browser's own detector where it has one, else by a small decoder
 * that is loaded only then. Nothing leaves the phone but the text that was found.
 */
interface Detector {
	detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
	new (options: { formats: string[] }): Detector
	getSupportedFormats(): Promise<string[]>
}

/* Enough for a code that fills a quarter of the picture, and quick on an old phone. */
const LONG_SIDE = 1000

let own: Promise<Detector | null> | null = null
async function ownDetector(): Promise<Detector | null> {
	const known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
	if (!known) return null
	try {
		return (await known.getSupportedFormats()).includes('qr_code') ? new known({ formats: ['qr_code'] }) : null
	} catch {
		return null
	}
}

/* The text of the code, or null when there is none to be seen. */
export async function readCode(source: CanvasImageSource, width: number, height: number): Promise<string | null> {
	own ??= ownDetector()
	const detector = await own
	if (detector) return (await detector.detect(source).catch(() => []))[0]?.rawValue || null
	const scale = Math.min(1, LONG_SIDE / Math.max(width, height))
	const canvas = document.createElement('canvas')
	canvas.width = Math.max(1, Math.round(width * scale))
	canvas.height = Math.max(1, Math.round(height * scale))
	const pen = canvas.getContext('2d', { willReadFrequently: true })
	if (!pen) return null
	pen.drawImage(source, 0, 0, canvas.width, canvas.height)
	const { default: decode } = await import('qr/decode.js')
	try {
		return decode(pen.getImageData(0, 0, canvas.width, canvas.height)) || null
	} catch {
		return null // the decoder throws when it sees no code
	}
}

export async function readPhoto(file: File): Promise<string | null> {
	const url = URL.createObjectURL(file)
	try {
		const image = new Image()
		image.src = url
		await image.decode()
		return await readCode(image, image.naturalWidth, image.naturalHeight)
	} catch {
		return null
	} finally {
		URL.revokeObjectURL(url)
	}
}
