/* /chat/COMPANY: the chat of the widget as a page, for links in messages and codes on paper. Without a company: that of the only one there is. */
import './chat.css'
import { joinVisit } from '../widget/join'
import { mount } from '../widget/main'

const words = { zh: ['在线客服', '这里暂时没有开通在线客服。'], en: ['Chat', 'There is no chat here at the moment.'] }
const asked = new URLSearchParams(location.search).get('lang')
const lang = (asked || navigator.language).toLowerCase().startsWith('zh') ? 'zh' : 'en'
const company = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const place = document.querySelector('#chat')!
document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
document.title = words[lang][0]
await joinVisit(company)
if (!await mount({ server: location.origin, company, lang, into: place })) {
	const note = document.createElement('p')
	note.textContent = words[lang][1]
	place.append(note)
}
export {}
