/* Pages of HTML as Markdown: what stays, what is left out. */
import { expect, test } from 'vitest'
import { htmlPage } from './html'

test('headings, lists, steps, bold and links become Markdown, the first heading the title', () => {
	const page = htmlPage('<title>别处</title><nav>菜单</nav><h1>滤网 清洗</h1><p>先<b>断电</b>，见<a href="https://a.cn/x">说明</a>。</p><h2>步骤</h2><ol><li>取下<ul><li>轻拉</li></ul></li><li>冲洗</li></ol><table><tr><td>水温</td><td>40 ℃</td></tr></table>')
	expect(page).toEqual({ title: '滤网 清洗', body: '先**断电**，见[说明](<https://a.cn/x>)。\n\n## 步骤\n\n1. 取下\n   - 轻拉\n2. 冲洗\n\n- 水温：40 ℃' })
})

test('scripts and addresses that run are left out, pictures keep their addresses, marks stay marks', () => {
	const page = htmlPage('<p>a*b<script>alert(1)</script><img src="x y.png" alt="图[1]" onerror="alert(2)"><img><a href="javascript:alert(3)">点我</a></p>')
	expect(page).toEqual({ title: '', body: 'a\\*b![图\\[1\\]](<x%20y.png>)点我' })
})
