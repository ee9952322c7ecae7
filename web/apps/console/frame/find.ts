/* What Ctrl K finds beside rows: pages, lists, settings one by one, promises, imports by what they bring. Words of both languages count. */
import { pick, t, type Label } from '@shared/i18n'
import type { IconName } from '@shared/icons/paths'
import type { Item } from '@shared/api/types'
import { client } from '../app/api'
import type { useSession } from '../app/session'
import type { Setting } from '../pages/setting/amount'
import { places } from './nav'

export interface Line { key: string; to: string; icon: IconName; title: string; meta: string; words?: string; run?: () => void }
type Session = ReturnType<typeof useSession>

const both = (label: Label | undefined) => (label ? `${label.zh} ${label.en}` : '')

export function pageLines(session: Session): Line[] {
	const records = (session.meta?.records ?? []).filter((r) => session.mayDo(r.name, 'read'))
	const imports = [...(session.meta?.records ?? []).filter((r) => session.mayDo(r.name, 'import')), ...(session.meta?.targets ?? []).filter((x) => x.permissions.length)]
	return [
		...places.filter((p) => p.may(session)).map((p): Line => ({ key: p.to, to: p.to, icon: p.icon, title: t(p.text), meta: t(p.command ? 'search.command' : 'search.page') })),
		...records.map((r): Line => ({ key: `/${r.name}`, to: `/${r.name}`, icon: 'list', title: pick(r.plural), words: both(r.plural), meta: t('search.page') })),
		...imports.map((r): Line => ({ key: `import${r.name}`, to: `/import?record=${r.name}`, icon: 'upload', title: t('search.import', { record: pick(r.label) }), words: both(r.label), meta: t('search.command') })),
	]
}

/* Asked when the box opens; who may not read them finds none. */
export async function askedLines(session: Session): Promise<Line[]> {
	const settings = session.may('setting.read') ? client.call('GET /setting', {}).then(({ items, groups }) => [
		...groups.map((g): Line => ({ key: `group${g.name}`, to: `/setting#${g.name}`, icon: 'settings', title: pick(g.label), words: both(g.label), meta: t('search.settings') })),
		...(items as Setting[]).map((s): Line => ({ key: `setting${s.name}`, to: `/setting?name=${s.name}`, icon: 'settings', title: pick(s.label), words: `${both(s.label)} ${s.name}`, meta: t('search.setting') })),
	]) : Promise.resolve([])
	const promises = session.may('promise.read') ? client.list('promise', { limit: 100 }).then((page) => page.items.map(promiseLine)) : Promise.resolve([])
	return (await Promise.all([settings, promises].map((asked) => asked.catch((): Line[] => [])))).flat()
}
function promiseLine(p: Item): Line {
	const label = { zh: String(p.name), en: String(p.name_en || p.name) }
	return { key: `promise${p.id}`, to: `/promise?promise=${p.id}`, icon: 'promise', title: pick(label), words: both(label), meta: t('search.promise') }
}

/* Those that begin with what is asked come first; a page before a setting or promise that speaks of it. */
export function fitting(lines: Line[], asked: string, most: number): Line[] {
	const words = asked.toLowerCase()
	const near = (l: Line) => (l.title.toLowerCase() === words ? 0 : l.title.toLowerCase().startsWith(words) ? 1 : 2)
	const rank = (l: Line) => near(l) + (/^(setting|group|promise)/.test(l.key) ? 1.5 : 0)
	return lines.filter((l) => `${l.title} ${l.words ?? ''}`.toLowerCase().includes(words)).map((l, i) => ({ l, i })).sort((a, b) => rank(a.l) - rank(b.l) || a.i - b.i).slice(0, most).map(({ l }) => l)
}
