/*
 * Numbers, money and masked personal data as the design words them. Pure. The server masks before it sends; the
 * masks here are for what the person has just typed.
 */
import type { Lang } from '../i18n'

/* Missing values are never blank and never 0. */
export const NONE = '—'

/* `1,284,306`, minus is −. */
export function numberText(n: number): string {
	return n.toLocaleString('en-US').replace('-', '−')
}

/* A share of 1: `97.5%`. */
export function percentText(share: number | undefined): string {
	return share === undefined ? NONE : `${(share * 100).toFixed(1)}%`
}

/* Totals stop counting at 10,000: `10,000+`. */
export function totalText(total: number, more: boolean): string {
	return numberText(total) + (more ? '+' : '')
}

/* Fen to `¥128.00`. */
export function moneyText(fen: number): string {
	const yuan = Math.floor(Math.abs(fen) / 100)
	const rest = String(Math.abs(fen) % 100).padStart(2, '0')
	return `${fen < 0 ? '−' : ''}¥${numberText(yuan)}.${rest}`
}

/* `¥128.00`, `128`, `1,280.5` to fen; null when it is no amount. */
export function fenOf(text: string): number | null {
	const m = /^\s*¥?\s*(-?[\d,]+)(?:\.(\d{1,2}))?\s*$/.exec(halfWidth(text))
	if (!m) return null
	const yuan = Number(m[1].replaceAll(',', ''))
	if (!Number.isSafeInteger(yuan * 100)) return null
	const cents = Number((m[2] ?? '').padEnd(2, '0'))
	return yuan < 0 || m[1].startsWith('-') ? yuan * 100 - cents : yuan * 100 + cents
}

/* `13812345678` → `138****5678`; other lengths keep the last four at most. */
export function maskPhone(phone: string): string {
	const digits = phone.replace(/[\s-]/g, '')
	if (/^1\d{10}$/.test(digits)) return `${digits.slice(0, 3)}****${digits.slice(-4)}`
	return digits.length > 4 ? `****${digits.slice(-4)}` : digits
}

/* Serials to customers: the last four. */
export function maskSerial(serial: string): string {
	return serial.length > 4 ? `…${serial.slice(-4)}` : serial
}

/* Full-width digits and letters, as Chinese keyboards type them, to plain ones. */
export function halfWidth(text: string): string {
	return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ')
}

/* `3.2 MB`; base 1000 as phones show it. */
export function sizeText(bytes: number): string {
	if (bytes < 1000) return `${bytes} B`
	if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`
	return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/* Names joined for a sentence: 甲、乙 / a, b. */
export function joinText(parts: string[], lang: Lang): string {
	return parts.join(lang === 'zh' ? '、' : ', ')
}

/* The character on an avatar: the last of a Chinese name (林晓 → 晓) that is not masked (林* → 林), the first letter otherwise. */
export function initialOf(name: string): string {
	const trimmed = name.replaceAll('*', '').trim()
	if (!trimmed) return '?'
	const chars = [...trimmed]
	return /[\u4e00-\u9fff]/.test(trimmed) ? chars[chars.length - 1] : chars[0].toUpperCase()
}

/* 4008001234 → 400-800-1234; other numbers as the company writes them. */
export function hotlineText(number: string): string {
	return number.replace(/^(400|800)(\d{3})(\d{4})$/, '$1-$2-$3')
}
