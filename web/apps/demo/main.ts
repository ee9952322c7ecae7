/* The tag that a shop would put on its page; company and language can be named in the address. */
const asked = new URLSearchParams(location.search)
const tag = document.createElement('script')
tag.src = '/widget.js'
tag.async = true
tag.dataset.company = asked.get('company') ?? ''
tag.dataset.lang = asked.get('lang') ?? 'zh'
document.body.append(tag)
export {}
