/*
 * Where a flow's states and moves lie in its picture. States stand in a row in the order of the definition; moves that lead on run
 * above it, moves that lead back below. Each pair of states has one arrow with all moves of the staff and one with the customers', in a
 * lane of its own among those it meets. States of the company's own stand behind what they mean.
 */
import type { FlowAction, FlowMeta } from '@shared/api/types'
import { placesOf, type Place } from './draft'

export const NODE = { width: 116, height: 48, gap: 76 }
const LANE = 34
const LABEL_ROOM = 26
const PORT = 14

export interface Node { value: string; own: boolean; x: number; y: number; stays: FlowAction[] }
export interface Arrow { from: string; to: string; moves: FlowAction[]; own: boolean; back: boolean; lane: number; path: string; label: { x: number; y: number } }
export interface Picture { nodes: Node[]; arrows: Arrow[]; width: number; height: number }
interface Link { from: number; to: number; moves: FlowAction[]; back: boolean; lane: number; start: number; end: number }

function links(flow: FlowMeta, places: Place[]): Link[] {
	const place = new Map(places.map((s, i) => [s.value, i]))
	const all = new Map<string, Link>()
	for (const move of flow.actions)
		for (const state of move.to ? move.from : []) {
			const from = place.get(state)
			const to = place.get(move.to!)
			if (from === undefined || to === undefined) continue // while it is being written
			const key = `${from} ${to} ${move.who === 'customer'}`
			const link = all.get(key) ?? { from, to, moves: [], back: to <= from, lane: 0, start: 0, end: 0 }
			link.moves.push(move)
			all.set(key, link)
		}
	return [...all.values()]
}

const span = (l: Link): [number, number] => [Math.min(l.from, l.to), Math.max(l.from, l.to)]
const meets = (a: Link, b: Link) => span(a)[0] < span(b)[1] && span(b)[0] < span(a)[1]

/* Short ones lie nearest to the row, so that long ones arch over them. */
function giveLanes(side: Link[]): number {
	const done: Link[] = []
	for (const link of [...side].sort((a, b) => (span(a)[1] - span(a)[0]) - (span(b)[1] - span(b)[0]) || a.from - b.from)) {
		const taken = new Set(done.filter((o) => meets(o, link)).map((o) => o.lane))
		while (taken.has(link.lane)) link.lane++
		done.push(link)
	}
	return Math.max(0, ...side.map((l) => l.lane + 1))
}

/* Ends at one node stand side by side: those from the left on its left, those that go far outermost, so that no two cross needlessly. */
function givePorts(side: Link[], count: number): void {
	for (let node = 0; node < count; node++) {
		const ends = side.flatMap((l) => [...(l.from === node ? [{ l, start: true, other: l.to }] : []), ...(l.to === node ? [{ l, start: false, other: l.from }] : [])])
		const left = ends.filter((e) => e.other < node).sort((a, b) => b.l.lane - a.l.lane)
		const right = ends.filter((e) => e.other >= node).sort((a, b) => a.l.lane - b.l.lane)
		const all = [...left, ...right]
		const step = Math.min(PORT, (NODE.width - 16) / Math.max(1, all.length - 1))
		all.forEach((e, i) => {
			const x = (i - (all.length - 1) / 2) * step
			if (e.start) e.l.start = x
			else e.l.end = x
		})
	}
}

export function draw(flow: FlowMeta): Picture {
	const places = placesOf(flow)
	const all = links(flow, places)
	const on = all.filter((l) => !l.back)
	const back = all.filter((l) => l.back)
	const above = giveLanes(on)
	const below = giveLanes(back)
	givePorts(on, places.length)
	givePorts(back, places.length)
	const top = above * LANE + LABEL_ROOM
	const middle = (i: number) => 8 + i * (NODE.width + NODE.gap) + NODE.width / 2
	const arrows = all.map((l): Arrow => {
		const edge = l.back ? top + NODE.height : top
		const y = l.back ? edge + LABEL_ROOM + l.lane * LANE : edge - LABEL_ROOM - l.lane * LANE + 4
		const x1 = middle(l.from) + l.start
		const x2 = middle(l.to) + l.end
		return {
			from: places[l.from].value, to: places[l.to].value, moves: l.moves, own: l.moves.every((m) => m.own), back: l.back, lane: l.lane,
			path: `M${x1} ${edge}V${y}H${x2}V${edge + (l.back ? 7 : -7)}`, label: { x: (x1 + x2) / 2, y: y - 5 },
		}
	})
	return {
		nodes: places.map((s, i) => ({ value: s.value, own: s.own, x: middle(i) - NODE.width / 2, y: top, stays: flow.actions.filter((m) => !m.to && m.from.includes(s.value)) })),
		arrows, width: places.length * (NODE.width + NODE.gap) - NODE.gap + 16, height: top + NODE.height + LABEL_ROOM + below * LANE,
	}
}
