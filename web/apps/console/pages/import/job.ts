/* An import on its way: found columns, mapping, dry run, run. */
export interface ImportColumn { head: string; samples: string[]; words?: string[]; field?: string | null }

export interface ImportJob {
	id: string
	record: string
	file_name: string
	state: 'new' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled' | 'undoing' | 'undone'
	columns: ImportColumn[]
	mapping: Record<string, string>
	/* Of another system: its name, and what its words mean here, by field. */
	source: string
	words: Record<string, Record<string, string>>
	rows: number
	done: number
	created: number
	changed: number
	bad: number
	/* What it wrote, noted so that it can be taken back; how far that is, and what stays. */
	marks: number
	undo_done: number
	undo_stays: number
	last_error?: string
	created_at: number
	version: number
}

export interface ImportError { row: number; column: number; head: string; value: string; code: string; message: string }

export interface ImportStay { row: number; record: string; object_id: string; title: string | null; made: boolean; code: string; message: string; by: { record: string; id: string; title: string } | null }

export const isMoving = (job: ImportJob) => job.state === 'checking' || job.state === 'running'

/* The first rows as they would be taken. */
export interface PreviewRow { row: number; cells: string[]; faults: { column: number; field: string; code: string; message: string }[] }

/* What somebody matched for this kind of list before, by head: proposed again where the server knows nothing better. */
export interface Remembered { mapping: Record<string, string>; source: string; words: ImportJob['words'] }
const place = (record: string) => `anxin.import.${record}`
export function remembered(record: string): Remembered {
	try { return { mapping: {}, source: '', words: {}, ...(JSON.parse(localStorage.getItem(place(record)) ?? '{}') as Partial<Remembered>) } } catch { return { mapping: {}, source: '', words: {} } }
}
export function remember(record: string, what: Remembered): void {
	try { localStorage.setItem(place(record), JSON.stringify(what)) } catch { /* a browser that keeps nothing */ }
}
