/*
 * Makes a photo small before it leaves the phone: at most 1600 px on the long side, JPEG. Re-drawing also drops the
 * picture's place and camera data. What the browser cannot decode (HEIC on some phones, video) goes up as it is.
 */
const LONG_SIDE = 1600
const QUALITY = 0.8

export function fitted(width: number, height: number, most: number): [number, number] {
	const scale = Math.min(1, most / Math.max(width, height))
	return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
}

async function decode(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
	if ('createImageBitmap' in window) return createImageBitmap(file, { imageOrientation: 'from-image' })
	const url = URL.createObjectURL(file)
	const image = new Image()
	image.src = url
	await image.decode().finally(() => URL.revokeObjectURL(url))
	return image
}

export async function shrinkPicture(file: File): Promise<File> {
	if (!file.type.startsWith('image/')) return file
	try {
		const source = await decode(file)
		const [width, height] = fitted(source.width, source.height, LONG_SIDE)
		const canvas = document.createElement('canvas')
		canvas.width = width
		canvas.height = height
		canvas.getContext('2d')?.drawImage(source, 0, 0, width, height)
		const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
		if (!small) return file
		return new File([small], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' })
	} catch {
		return file
	}
}
