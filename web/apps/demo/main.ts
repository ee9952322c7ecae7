/* The tag that a shop would put on its page; company and language can be named in the address. */
import { play, stories } from './play'

const asked = new URLSearchParams(location.search)
const lang = asked.get('lang') === 'en' ? 'en' : 'zh'
const tag = document.createElement('script')
tag.src = '/widget.js'
tag.async = true
tag.dataset.company = asked.get('company') ?? ''
tag.dataset.lang = lang
document.body.append(tag)

const place = document.querySelector('#stories')!
for (const story of stories) {
	const button = document.createElement('button')
	button.type = 'button'
	button.textContent = story[lang]
	button.onclick = async () => {
		const all = place.querySelectorAll('button')
		all.forEach((one) => { one.disabled = true })
		await play(story, lang)
		all.forEach((one) => { one.disabled = false })
	}
	place.append(button)
}
