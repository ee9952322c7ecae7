/* Documents as drafts: what did not come along is said once, with a draft that there is. */
import { expect, it, vi } from 'vitest'

vi.mock('../../app/api', () => ({ client: {} }))
const { readFile } = await import('./documents')

async function leftOf(text: string) {
	const rows = []
	for await (const row of readFile(new File([text], 'care.md'), () => false)) rows.push('draft' in row.read ? row.read.left : row.read.wrong)
	return rows
}
const picture = '![滤网](filter.png)'
const long = '字'.repeat(8001)

it('says what stayed behind with the first draft that there is', async () => {
	expect(await leftOf(`# 滤网\n\n取下，冲洗。${picture}`)).toEqual([{ pictures: 1 }])
	expect(await leftOf(`# 保养\n\n## 滤网\n${long}\n## 水箱\n倒空。${picture}\n## 灯\n更换。`)).toEqual(['long', { pictures: 1 }, {}])
})
