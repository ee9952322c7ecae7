/* Mail as bytes: RFC 5322 headers, RFC 2047 words, base64 bodies. Pure. */
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "net/mail.h"

int mail_address_check(const char *address)
{
	static const char local[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~";
	static const char domain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	const char *at = address ? strchr(address, '@') : NULL;
	if (!at || at == address || at - address > 64 || strlen(address) > 254 || !at[1])
		return ERR_FIELD_EMAIL;
	if (address + strspn(address, local) != at || strspn(at + 1, domain) != strlen(at + 1))
		return ERR_FIELD_EMAIL;
	if (address[0] == '.' || at[-1] == '.' || at[1] == '.' || at[1] == '-' || strstr(address, ".."))
		return ERR_FIELD_EMAIL;
	return at[strlen(at) - 1] == '.' ? ERR_FIELD_EMAIL : 0;
}

/* Encoded words of at most 75 characters, each of whole characters (RFC 2047 §2, §5); plain ASCII goes as it is. */
void mail_append_words(struct text *t, const char *s)
{
	enum { FIRST = 30, PIECE = 45 };        /* bytes; the first shares its line of 76 with the header's name */
	bool is_ascii = true;
	for (const char *p = s; *p; p++)
		is_ascii &= (*p & 0x80) == 0 && *p != '=' && *p != '"' && *p != '<' && *p != '>' && *p != '\\' && *p != ',';
	if (is_ascii && strlen(s) <= 60) {
		text_append(t, s);
		return;
	}
	for (bool is_first = true; *s || is_first; is_first = false) {
		size_t n = strnlen(s, is_first ? FIRST : PIECE);
		while (s[n] && (s[n] & 0xC0) == 0x80)
			n--;
		text_append(t, is_first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		text_append(t, base64(t->arena, s, n));
		text_append(t, "?=");
		s += n;
	}
}

void mail_append_date(struct text *t, time_ms now)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int year, month, day_of_month;
	int64_t day = day_of(now, 0), second = now / SECOND_MS - day * 86400;
	day_split(day, &year, &month, &day_of_month);
	text_format(t, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[(day % 7 + 7) % 7], day_of_month, months[month - 1], year,
	            (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

void mail_append_base64(struct text *t, const void *body, size_t n)
{
	enum { LINE = 57 };
	for (size_t i = 0; i < n; i += LINE) {
		text_append(t, base64(t->arena, (const char *)body + i, n - i < LINE ? n - i : LINE));
		text_append(t, "\r\n");
	}
}

void mail_append_part(struct text *t, const char *type, const char *body)
{
	text_format(t, "Content-Type: %s; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
	mail_append_base64(t, body, strlen(body));
}

void mail_append_from(struct text *t, const char *name, const char *address)
{
	text_append(t, "From: ");
	if (!text_empty(name)) {
		mail_append_words(t, name);
		text_char(t, ' ');
	}
	text_format(t, "<%s>\r\n", address);
}

static int check_line(struct arena *a, const char *field, const char *value, struct error *e)
{
	if (!value)
		return 0;
	if (strpbrk(value, "\r\n\t") || !utf8_is_text(value, strlen(value)))
		return error_field(e, a, field, ERR_ENCODING, NULL);
	return strlen(value) > 998 ? error_field(e, a, field, ERR_FIELD_TOO_LONG, "300") : 0;
}

static int check_id(struct arena *a, const char *field, const char *id, struct error *e)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.@_+=$-";
	bool good = id && *id && strlen(id) <= 200 && strspn(id, safe) == strlen(id);
	return good ? 0 : error_field(e, a, field, ERR_FIELD_INVALID, NULL);
}

static int check(struct arena *a, const struct mail *m, struct error *e)
{
	size_t count = 0;
	if (mail_address_check(m->from) < 0)
		error_field(e, a, "from", ERR_FIELD_EMAIL, NULL);
	if (m->reply_to && mail_address_check(m->reply_to) < 0)
		error_field(e, a, "reply_to", ERR_FIELD_EMAIL, NULL);
	for (const char *const *to = m->to; to && *to; to++, count++)
		if (mail_address_check(*to) < 0)
			error_field(e, a, "to", ERR_FIELD_EMAIL, NULL);
	if (count == 0 || count > MAIL_RECIPIENTS)
		error_field(e, a, "to", count ? ERR_FIELD_TOO_LONG : ERR_FIELD_REQUIRED, "50");
	check_line(a, "from_name", m->from_name, e);
	check_line(a, "subject", m->subject, e);
	check_id(a, "id", m->id, e);
	if (m->in_reply_to)
		check_id(a, "in_reply_to", m->in_reply_to, e);
	if (!m->subject || !m->text)
		error_field(e, a, m->subject ? "text" : "subject", ERR_FIELD_REQUIRED, NULL);
	else if (!utf8_is_text(m->text, strlen(m->text)) || (m->html && !utf8_is_text(m->html, strlen(m->html))))
		error_field(e, a, "text", ERR_ENCODING, NULL);
	return e->code;
}

static void append_head(struct text *t, const struct mail *m, time_ms now)
{
	mail_append_from(t, m->from_name, m->from);
	text_append(t, "To: ");
	for (const char *const *to = m->to; *to; to++)
		text_format(t, to == m->to ? "<%s>" : ",\r\n <%s>", *to);
	text_append(t, "\r\n");
	if (m->reply_to)
		text_format(t, "Reply-To: <%s>\r\n", m->reply_to);
	text_append(t, "Subject: ");
	mail_append_words(t, m->subject);
	text_append(t, "\r\n");
	mail_append_date(t, now);
	text_format(t, "Message-ID: <%s@%s>\r\n", m->id, strchr(m->from, '@') + 1);
	if (m->in_reply_to)
		text_format(t, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m->in_reply_to, m->in_reply_to);
	/* RFC 3834: other machines must not answer this one */
	text_append(t, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
}

int mail_compose(struct arena *a, const struct mail *m, time_ms now, struct bytes *out, struct error *e)
{
	struct text t = text_in(a);
	TRY(check(a, m, e));
	append_head(&t, m, now);
	if (!m->html) {
		mail_append_part(&t, "text/plain", m->text);
	} else {
		/* base64 holds no '_', so no body can hold the boundary */
		text_append(&t, "Content-Type: multipart/alternative; boundary=\"_part_\"\r\n\r\n--_part_\r\n");
		mail_append_part(&t, "text/plain", m->text);
		text_append(&t, "--_part_\r\n");
		mail_append_part(&t, "text/html", m->html);
		text_append(&t, "--_part_--\r\n");
	}
	*out = (struct bytes){ (const uint8_t *)text_end(&t), t.n };
	return 0;
}
