/* An import on its way: found columns, mapping, dry run, run. */
export interface ImportColumn { head: string; samples: string[]; field?: string | null }

export interface ImportJob {
	id: string
	record: string
	file_name: string
	state: 'new' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled'
	columns: ImportColumn[]
	mapping: Record<string, string>
	rows: number
	done: number
	created: number
	changed: number
	bad: number
	last_error?: string
	created_at: number
	version: number
}

export interface ImportError { row: number; column: number; head: string; value: string; code: string; message: string }

export const isMoving = (job: ImportJob) => job.state === 'checking' || job.state === 'running'
