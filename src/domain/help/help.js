/* Answers while one types. Without this script the form works as forms do. */
'use strict'
{
	const form = document.querySelector('form.search')
	const input = form && form.querySelector('input[name=q]')
	if (input) watch(form, input)

	function watch(form, input) {
		const list = document.createElement('ul')
		list.className = 'suggested'
		list.id = 'suggested'
		list.setAttribute('role', 'listbox')
		list.setAttribute('aria-label', input.labels[0].textContent)
		list.hidden = true
		form.append(list)
		for (const [name, value] of [['role', 'combobox'], ['aria-controls', 'suggested'], ['aria-expanded', 'false'], ['aria-autocomplete', 'list']]) input.setAttribute(name, value)
		let items = [], at = -1, waiting, asked = 0

		function mark(next) {
			at = next
			;[...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === at)))
			if (at < 0) input.removeAttribute('aria-activedescendant')
			else input.setAttribute('aria-activedescendant', list.children[at].id)
		}

		function close() {
			list.hidden = true
			input.setAttribute('aria-expanded', 'false')
			mark(-1)
		}

		function show(found) {
			items = found
			list.replaceChildren(...items.map((item, i) => {
				const li = document.createElement('li')
				li.id = `suggested-${i}`
				li.setAttribute('role', 'option')
				li.textContent = item.title
				if (item.product) {
					const small = document.createElement('small')
					small.textContent = ` ${item.product}`
					li.append(small)
				}
				li.addEventListener('mousedown', (e) => { e.preventDefault(); location.assign(item.url) })
				return li
			}))
			list.hidden = !items.length
			input.setAttribute('aria-expanded', String(!!items.length))
			mark(-1)
		}

		async function ask() {
			const mine = ++asked, words = new URLSearchParams(new FormData(form))
			words.set('lang', document.documentElement.lang === 'en' ? 'en' : 'zh')
			if (!input.value.trim()) { close(); return }
			try {
				const answer = await fetch(`/help/suggest?${words}`)
				if (answer.ok && mine === asked) show((await answer.json()).items)
			} catch { /* the form still works */ }
		}

		input.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(ask, 150) })
		input.addEventListener('blur', close)
		input.addEventListener('keydown', (e) => {
			if (e.key === 'Escape') close()
			else if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && !list.hidden) {
				e.preventDefault()
				const n = items.length
				mark(e.key === 'ArrowDown' ? (at + 1) % n : (at - 1 + n) % n)
			} else if (e.key === 'Enter' && !e.isComposing && at >= 0) {
				e.preventDefault()
				location.assign(items[at].url)
			}
		})
	}
}
