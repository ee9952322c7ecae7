/*
 * One error type for everything that can go wrong between page and server. The text for people comes from the
 * server in their language; where no server answered, from the shared texts.
 */
import { t } from '../i18n'
import type { ErrorBody, FieldError } from './types'

export class ApiError extends Error {
	readonly status: number
	readonly code: string
	readonly field?: string
	readonly fields: FieldError[]
	readonly requestId?: string
	readonly retryAfter?: number
	/* What a 409 or 428 sends along: the current object, an open ticket, a challenge. */
	readonly body: Record<string, unknown>

	constructor(status: number, error: ErrorBody, body: Record<string, unknown> = {}, retryAfter?: number) {
		super(error.message)
		this.name = 'ApiError'
		this.status = status
		this.code = error.code
		this.field = error.field
		this.fields = error.fields ?? (error.field ? [{ field: error.field, code: error.code, message: error.message }] : [])
		this.requestId = error.request_id
		this.body = body
		this.retryAfter = retryAfter
	}

	/* True when the request may have no effect at all yet and may be sent again with the same key. */
	get temporary(): boolean {
		return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
	}

	/* What it tells programs beside its text: the id of an open ticket, a challenge. */
	get arg(): string {
		const { arg } = (this.body.error ?? {}) as { arg?: unknown }
		return typeof arg === 'string' ? arg : ''
	}

	messageOf(field: string): string | undefined {
		return this.fields.find((f) => f.field === field)?.message
	}
}

/* No answer came: cut line, refused connection, or our own time limit. */
export function noAnswer(reason: 'network' | 'timeout'): ApiError {
	return new ApiError(0, { code: reason, message: t(`error.${reason}`) })
}

const byStatus: Record<number, string> = {
	401: 'error.unauthorised', 403: 'error.forbidden', 404: 'error.not_found',
}

/* The error of a reply that is not 2xx; also when its body is no JSON (a proxy in between). */
export async function errorOf(reply: Response): Promise<ApiError> {
	const retryAfter = Number(reply.headers.get('Retry-After')) || undefined
	let body: Record<string, unknown> = {}
	try { body = await reply.json() as Record<string, unknown> } catch { /* described by status alone */ }
	const given = body.error as ErrorBody | undefined
	if (given?.code) return new ApiError(reply.status, { ...given, message: given.message || textOf(reply.status, retryAfter) }, body, retryAfter)
	return new ApiError(reply.status, { code: `http_${reply.status}`, message: textOf(reply.status, retryAfter) }, body, retryAfter)
}

function textOf(status: number, retryAfter?: number): string {
	if (status === 429) return t('error.too_many', { seconds: retryAfter ?? 60 })
	return t(byStatus[status] ?? (status >= 500 ? 'error.server' : 'error.unknown'))
}

/* Any thrown value as ApiError, so that pages show one kind of note. */
export function asApiError(thrown: unknown): ApiError {
	if (thrown instanceof ApiError) return thrown
	return new ApiError(0, { code: 'page', message: thrown instanceof Error ? thrown.message : t('error.unknown') })
}
