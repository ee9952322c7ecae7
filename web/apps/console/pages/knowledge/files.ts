/* Files in the words of an article, "![words](file:12)": how one that was uploaded is named there, and the first picture of a video behind it. */
export const PICTURES = 'image/png,image/jpeg,image/webp'
export const OTHERS = 'video/mp4,video/webm,.pdf,.docx,.xlsx,.csv,.txt,.zip'

/* What is shown is told by its name, what is taken along by that of the file. */
export function markOf(file: { name: string; type: string }, id: string): string {
	const shown = /^(image|video)\//.test(file.type)
	return `![${(shown ? file.name.replace(/\.\w+$/, '') : file.name).replaceAll(/[[\]\\]/g, '')}](file:${id})`
}

/* At the cursor, as a paragraph of its own. */
export function inserted(text: string, at: number, mark: string): string {
	return `${text.slice(0, at)}\n\n${mark}\n${text.slice(at)}`
}

export interface Video { id: string; words: string; poster: boolean }
/* As the server's preview shows them. */
export function videosIn(html: string): Video[] {
	return [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('video')].map((v) => ({
		id: /\/file\/(\d+)\//.exec(v.getAttribute('src') ?? '')?.[1] ?? '', words: v.getAttribute('aria-label') ?? '', poster: v.hasAttribute('poster'),
	})).filter((v) => v.id)
}

export function withPoster(text: string, video: string, picture: string | null): string {
	return text.replaceAll(new RegExp(`\\]\\(file:${video}(?: "file:\\d+")?\\)`, 'g'), `](file:${video}${picture ? ` "file:${picture}"` : ''})`)
}
