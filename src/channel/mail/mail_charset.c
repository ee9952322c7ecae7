/* Charsets. What people's programs declare is often wrong: "us-ascii" over UTF-8, "gb2312" over GBK, nothing at all over GB18030. */
#include "channel/mail/mail_charset.h"

#include <string.h>
#include <strings.h>

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

enum { CHARSET_MOST = 40, HEADER_MOST = 64 * 1024, WORD_MOST = 4096 };       /* a word: RFC 2047 §2 allows 75 */

/* A name that says less than what is written under it. */
static const char *meant(const char *charset)
{
	static const struct { const char *says, *means; } wider[] = {
		{ "gb2312", "GB18030" }, { "gb_2312-80", "GB18030" }, { "gbk", "GB18030" }, { "x-gbk", "GB18030" }, { "cp936", "GB18030" }, { "euc-cn", "GB18030" }, { "hz-gb-2312", "HZ-GB-2312" },
		{ "iso-8859-1", "windows-1252" }, { "latin1", "windows-1252" }, { "big5", "Big5-HKSCS" }, { "ks_c_5601-1987", "windows-949" }, { "euc-kr", "windows-949" },
		{ "shift_jis", "windows-31j" }, { "iso-2022-jp", "ISO-2022-JP-2" },
	};
	for (size_t i = 0; i < sizeof(wider) / sizeof(wider[0]); i++)
		if (!strcasecmp(wider[i].says, charset))
			return wider[i].means;
	return charset;
}

static bool says_nothing(const char *charset)
{
	static const char *const empty[] = { "", "us-ascii", "ascii", "ansi_x3.4-1968", "default", "unknown", "unknown-8bit", "x-unknown", "8bit", "binary" };
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		if (!strcasecmp(empty[i], charset))
			return true;
	return false;
}

static bool is_utf8(struct bytes b)
{
	const char *p = (const char *)b.p, *end = p + b.n;
	while (p < end) {
		const char *was = p;
		if (utf8_next(&p, end) == 0xFFFD && !(end - was >= 3 && !memcmp(was, "\xEF\xBF\xBD", 3)))
			return false;
	}
	return true;
}

/* NULL: unknown charset, or, unless lossy, bytes that are none of it. */
static const char *convert(struct arena *a, const char *charset, struct bytes b, bool lossy)
{
	UErrorCode status = U_ZERO_ERROR;
	UConverter *from = ucnv_open(charset, &status);
	if (U_FAILURE(status))
		return NULL;
	if (!lossy)
		ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
	/* a byte gives at most two UTF-16 units in the charsets of mail, a unit three bytes */
	int32_t room = (int32_t)b.n * 2 + 16, n = 0;
	UChar *wide = ARENA_ARRAY(a, UChar, (size_t)room);
	int32_t units = ucnv_toUChars(from, wide, room, (const char *)b.p, (int32_t)b.n, &status);
	ucnv_close(from);
	if (U_FAILURE(status))
		return NULL;
	char *out = arena_alloc(a, (size_t)units * 3 + 1);
	u_strToUTF8WithSub(out, units * 3 + 1, &n, wide, units, 0xFFFD, NULL, &status);
	if (U_FAILURE(status))
		return NULL;
	out[n] = 0;
	return n == (int32_t)strlen(out) ? out : arena_string_n(a, out, (size_t)n);
}

static const char *guess(struct arena *a, struct bytes b)
{
	const char *text = NULL;
	if (memmem(b.p, b.n, "\x1b$", 2))
		text = convert(a, "ISO-2022-JP-2", b, false);
	if (!text && is_utf8(b))
		return arena_string_n(a, (const char *)b.p, b.n);
	if (!text)
		text = convert(a, "GB18030", b, false);
	return text ? text : convert(a, "windows-1252", b, true);
}

/* Lines end in \n; what no screen shows is gone. */
static const char *tidy(struct arena *a, const char *s, size_t n)
{
	struct text t = text_in(a);
	const char *end = s + n;
	text_reserve(&t, n + 1);
	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		if (c == '\r') {
			if (s == end || *s != '\n')
				text_char(&t, '\n');
		} else if (c >= 0xA0 || (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t') {
			if (c != 0xFEFF && c != 0x200B)
				utf8_append(&t, c);
		}
	}
	return text_end(&t);
}

const char *mail_utf8(struct arena *a, const char *charset, struct bytes b)
{
	if (!b.n)
		return "";
	const char *text = NULL;
	bool named = charset && strlen(charset) < CHARSET_MOST && !says_nothing(charset);
	if (named && !strcasecmp(charset, "utf-8"))
		text = is_utf8(b) ? arena_string_n(a, (const char *)b.p, b.n) : NULL;
	else if (named)
		text = convert(a, meant(charset), b, false);
	if (!text && named && !is_utf8(b))      /* mostly right, with a broken byte: then the declaration is still the best that there is */
		text = convert(a, meant(charset), b, true);
	if (named && text && strstr(text, "\xEF\xBF\xBD")) {
		const char *other = guess(a, b);
		text = other && !strstr(other, "\xEF\xBF\xBD") && !strcasecmp(charset, "utf-8") ? other : text;
	}
	if (!text)
		text = guess(a, b);
	return text ? tidy(a, text, strlen(text)) : "";
}

/* Encoded words ------------------------------------------------------------------------------------------------------------- */

static int value64(int c)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(all, c) : NULL;
	return at ? (int)(at - all) : -1;
}

static void take_b(struct text *out, const char *p, const char *end)
{
	unsigned bits = 0;
	int count = 0;
	for (; p < end; p++) {
		int v = value64((unsigned char)*p);
		if (v < 0)
			continue;
		bits = (bits << 6 | (unsigned)v) & 0xFFFFFF;
		count += 6;
		if (count >= 8) {
			count -= 8;
			text_char(out, (char)(bits >> count & 0xFF));
		}
	}
}

static int value16(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static void take_q(struct text *out, const char *p, const char *end)
{
	for (; p < end; p++) {
		bool hex = *p == '=' && end - p > 2 && value16(p[1]) >= 0 && value16(p[2]) >= 0;
		text_char(out, hex ? (char)(value16(p[1]) << 4 | value16(p[2])) : *p == '_' ? ' ' : *p);
		p += hex ? 2 : 0;
	}
}

/* =?charset*lang?B?text?= at p: what is behind it, or NULL. */
static const char *word_at(const char *p, char charset[CHARSET_MOST], struct text *bytes)
{
	if (p[0] != '=' || p[1] != '?')
		return NULL;
	const char *name = p + 2, *kind = strchr(name, '?');
	if (!kind || kind == name || kind - name >= CHARSET_MOST || !kind[1] || !strchr("BbQq", kind[1]) || kind[2] != '?')
		return NULL;
	const char *text = kind + 3, *end = memmem(text, strnlen(text, WORD_MOST), "?=", 2);
	if (!end || memchr(text, '\n', (size_t)(end - text)))
		return NULL;
	size_t n = (size_t)(kind - name), star = strcspn(name, "*");
	n = star < n ? star : n;
	char found[CHARSET_MOST];
	memcpy(found, name, n);
	found[n] = 0;
	if (bytes->n && strcasecmp(found, charset))
		return NULL;
	memcpy(charset, found, n + 1);
	if ((kind[1] | 32) == 'b')
		take_b(bytes, text, end);
	else
		take_q(bytes, text, end);
	return end + 2;
}

static const char *past_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *take_words(struct arena *a, const char *p, struct text *out)
{
	char charset[CHARSET_MOST] = "";
	struct text bytes = text_in(a);
	const char *end = p, *next;
	text_reserve(&bytes, 64);
	while ((next = word_at(past_blanks(end), charset, &bytes)) != NULL)
		end = next;
	if (end != p)
		text_append(out, mail_utf8(a, charset, (struct bytes){ (const uint8_t *)text_end(&bytes), bytes.n }));
	return end;
}

const char *mail_header_words(struct arena *a, const char *raw)
{
	struct text out = text_in(a);
	if (!raw || strlen(raw) > HEADER_MOST)
		return "";
	raw = past_blanks(raw);
	while (*raw) {
		const char *end = raw[0] == '=' && raw[1] == '?' ? take_words(a, raw, &out) : raw;
		if (end != raw) {
			const char *next = past_blanks(end);
			raw = next[0] == '=' && next[1] == '?' ? next : end;    /* blanks between two words are nobody's, also when the charset changes */
			continue;
		}
		size_t n = 1;
		while (raw[n] && !(raw[n] == '=' && raw[n + 1] == '?'))
			n++;
		text_append(&out, mail_utf8(a, NULL, (struct bytes){ (const uint8_t *)raw, n }));
		raw += n;
	}
	/* folded lines are one line */
	struct text line = text_in(a);
	for (const char *p = text_end(&out); *p; p++)
		if (*p != '\n' && *p != '\t')
			text_char(&line, *p);
		else if (p[1] && p[1] != ' ' && p[1] != '\t' && p[1] != '\n')
			text_char(&line, ' ');
	return text_end(&line);
}
