import { expect, test } from 'vitest'
import router from '../app/router.ts?raw'
import { groups, places, railRecords } from './nav'

test('every page of the router with an address of its own is found by Ctrl K', () => {
	const inside = router.slice(router.indexOf('children: ['))
	const pages = [...inside.matchAll(/path: '([a-z_/-]+)'/g)].map((found) => `/${found[1]}`).filter((path) => !path.endsWith('/new') || path === '/ticket/new')
	const found = new Set([...places.map((p) => p.to), ...[...railRecords, ...groups.flatMap((g) => g.records)].map(([record]) => `/${record}`)])
	expect(pages.length).toBeGreaterThan(20)
	expect(pages.filter((path) => !found.has(path))).toEqual([])
})
