/* RFC 5322 heads, multipart/alternative within multipart/mixed where there are files. No body can hold the boundaries: base64 has no '_'. */
#include "channel/mail/mail_write.h"

#include <string.h>

#include "base/text.h"
#include "engine/markdown/markdown.h"
#include "net/mail.h"

enum { REFERENCES = 20 };

static bool is_id(const char *id)
{
	size_t n = strlen(id);
	for (const char *p = id; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7F || *p == '<' || *p == '>')
			return false;
	return n > 0 && n <= 250;
}

static int check(struct arena *a, const struct mail_write *m, struct error *e)
{
	const char *const lines[] = { m->from_name, m->subject, m->mark };
	if (mail_address_check(m->from) < 0)
		error_field(e, a, "from", ERR_FIELD_EMAIL, NULL);
	if (mail_address_check(m->to) < 0)
		error_field(e, a, "to", ERR_FIELD_EMAIL, NULL);
	if (m->reply_to && mail_address_check(m->reply_to) < 0)
		error_field(e, a, "reply_to", ERR_FIELD_EMAIL, NULL);
	for (size_t i = 0; i < 3; i++)
		if (lines[i] && (strpbrk(lines[i], "\r\n\t") || !utf8_is_text(lines[i], strlen(lines[i]))))
			error_field(e, a, "subject", ERR_ENCODING, NULL);
	if (!m->id || !is_id(m->id))
		error_field(e, a, "id", ERR_FIELD_INVALID, NULL);
	if (!m->text || !utf8_is_text(m->text, strlen(m->text)))
		error_field(e, a, "text", m->text ? ERR_ENCODING : ERR_FIELD_REQUIRED, NULL);
	return e->code;
}

/* Words as they were typed, each line one. */
static const char *html_of(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	text_append(&t, "<!DOCTYPE html><html><body><div style=\"font-family:sans-serif;font-size:15px;line-height:1.6\">");
	for (const char *p = text; *p; p += *p != 0) {
		size_t n = strcspn(p, "\r\n");
		html_text(&t, arena_string_n(a, p, n));
		p += n;
		if (*p == '\n')
			text_append(&t, "<br>\r\n");
	}
	text_append(&t, "</div></body></html>\r\n");
	return text_end(&t);
}

static void put_references(struct text *t, const struct mail_write *m)
{
	size_t from = m->ref_n > REFERENCES ? m->ref_n - REFERENCES : 0;
	const char *last = NULL;
	for (size_t i = from; i < m->ref_n; i++)
		if (is_id(m->refs[i])) {
			text_format(t, last ? "\r\n <%s>" : "References: <%s>", m->refs[i]);
			last = m->refs[i];
		}
	if (last)
		text_format(t, "\r\nIn-Reply-To: <%s>\r\n", last);
}

static void put_heads(struct text *t, const struct mail_write *m, time_ms now)
{
	mail_append_from(t, m->from_name, m->from);
	text_format(t, "To: <%s>\r\n", m->to);
	if (m->reply_to)
		text_format(t, "Reply-To: <%s>\r\n", m->reply_to);
	text_append(t, "Subject: ");
	mail_append_words(t, m->subject);
	text_append(t, "\r\n");
	mail_append_date(t, now);
	text_format(t, "Message-ID: <%s>\r\n", m->id);
	put_references(t, m);
	if (m->by_machine)
		text_append(t, "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n");
	if (m->mark)
		text_format(t, MAIL_MARK ": %s\r\n", m->mark);
	text_append(t, "MIME-Version: 1.0\r\n");
}

/* RFC 2231 for those who read it, an encoded word for those who do not. */
static void put_name(struct text *t, const char *parameter, const char *name)
{
	text_format(t, ";\r\n %s*=UTF-8''", parameter);
	for (const char *p = name; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '.' || *p == '-' || *p == '_';
		if (plain)
			text_char(t, *p);
		else
			text_format(t, "%%%02X", (unsigned char)*p);
	}
}

static bool is_type(const char *type)
{
	return type && *type && strlen(type) < 100 && strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-") == strlen(type) && strchr(type, '/');
}

static void put_file(struct text *t, const struct mail_file *f)
{
	const char *type = is_type(f->type) && strncmp(f->type, "multipart/", 10) && strncmp(f->type, "message/", 8) ? f->type : "application/octet-stream";
	text_format(t, "--_mixed_\r\nContent-Type: %s", type);
	put_name(t, "name", f->name);
	text_append(t, "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment");
	put_name(t, "filename", f->name);
	text_append(t, "\r\n\r\n");
	mail_append_base64(t, f->body.p, f->body.n);
}

int mail_write(struct arena *a, const struct mail_write *m, time_ms now, struct bytes *out, struct error *e)
{
	struct text t = text_in(a);
	size_t room = 8192 + strlen(m->text ? m->text : "") * 4;
	TRY(check(a, m, e));
	for (size_t i = 0; i < m->file_n; i++)
		room += m->files[i].body.n * 3 / 2 + 1024;
	text_reserve(&t, room);
	put_heads(&t, m, now);
	if (m->file_n)
		text_append(&t, "Content-Type: multipart/mixed; boundary=\"_mixed_\"\r\n\r\n--_mixed_\r\n");
	text_append(&t, "Content-Type: multipart/alternative; boundary=\"_part_\"\r\n\r\n--_part_\r\n");
	mail_append_part(&t, "text/plain", m->text);
	text_append(&t, "--_part_\r\n");
	mail_append_part(&t, "text/html", html_of(a, m->text));
	text_append(&t, "--_part_--\r\n");
	for (size_t i = 0; i < m->file_n; i++)
		put_file(&t, &m->files[i]);
	if (m->file_n)
		text_append(&t, "--_mixed_--\r\n");
	*out = (struct bytes){ (const uint8_t *)text_end(&t), t.n };
	return 0;
}
