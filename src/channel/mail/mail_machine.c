/* Mail of machines: automatic answers and lists by their headers (RFC 3834 and what older programs write), reports by RFC 3464. */
#include <string.h>
#include <strings.h>

#include "channel/mail/mail_charset.h"
#include "channel/mail/mail_read_private.h"

enum { REPORT_MOST = 64 * 1024, WORDS_MOST = 200 };

static bool begins(const char *s, const char *word)
{
	return !strncasecmp(s, word, strlen(word));
}

static bool is_automatic_subject(const char *s)
{
	static const char *const words[] = { "自动回复", "[自动回复]", "【自动回复】", "自動回覆", "系统退信", "Automatic reply", "Auto-Reply", "Autoreply", "Auto reply", "Auto:", "Out of Office", "自動返信" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(s, words[i]))
			return true;
	return false;
}

static bool is_precedence(const char *s)
{
	return begins(s, "bulk") || begins(s, "junk") || begins(s, "list") || begins(s, "auto_reply");
}

void mail_judge(struct mail_reading *r, GMimeMessage *message)
{
	static const char *const marks[] = { "X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id", "List-Unsubscribe", "X-Loop" };
	GMimeObject *o = GMIME_OBJECT(message);
	struct mail_read *m = r->out;
	const char *submitted = mail_header_words(r->a, mail_raw_header(o, "Auto-Submitted"));
	const char *precedence = mail_header_words(r->a, mail_raw_header(o, "Precedence"));
	const char *back = mail_header_words(r->a, mail_raw_header(o, "Return-Path"));
	m->wants_no_machine = mail_raw_header(o, "X-Auto-Response-Suppress") != NULL;
	bool machine = (!text_empty(submitted) && !begins(submitted, "no")) || is_precedence(precedence) || is_automatic_subject(m->subject) || text_equal(back, "<>") ||
	               begins(m->from, "mailer-daemon@") || begins(m->from, "postmaster@") || begins(m->from, "noreply@") || begins(m->from, "no-reply@");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		machine |= mail_raw_header(o, marks[i]) != NULL;
	m->kind = machine ? MAIL_BY_MACHINE : MAIL_BY_PERSON;
}

/* "Field: value" of the lines of a report; the last of several receivers that failed counts. */
static const char *field_of(struct arena *a, const char *text, const char *name)
{
	const char *found = "";
	for (const char *p = text; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		size_t n = strlen(name);
		if (strncasecmp(p, name, n) || p[n] != ':')
			continue;
		p += n + 1;
		p += strspn(p, " \t");
		const char *line = arena_string_n(a, p, strcspn(p, "\n"));
		const char *value = strchr(line, ';') ? strchr(line, ';') + 1 : line;
		value += strspn(value, " ");
		found = arena_string_n(a, value, utf8_prefix(value, WORDS_MOST));
	}
	return found;
}

static void take_status(struct mail_reading *r, GMimePart *part)
{
	struct mail_read *m = r->out;
	struct bytes b = mail_part_bytes(r->a, part);
	b.n = b.n < REPORT_MOST ? b.n : REPORT_MOST;
	const char *text = mail_utf8(r->a, NULL, b);
	m->bounce_action = field_of(r->a, text, "Action");
	m->bounce_status = field_of(r->a, text, "Status");
	m->bounce_to = field_of(r->a, text, "Final-Recipient");
	m->bounce_words = field_of(r->a, text, "Diagnostic-Code");
}

static const char *id_in(struct arena *a, const char *heads)
{
	const char *value = field_of(a, heads, "Message-ID"), *p = strchr(value, '<');
	size_t n = p ? strcspn(++p, ">") : 0;
	return n && p[n] ? arena_string_n(a, p, n) : "";
}

void mail_take_report(struct mail_reading *r, GMimeMultipart *report)
{
	struct mail_read *m = r->out;
	bool status = false;
	for (int i = 0; i < g_mime_multipart_get_count(report) && i < 10; i++) {
		GMimeObject *o = g_mime_multipart_get_part(report, i);
		GMimeContentType *type = g_mime_object_get_content_type(o);
		if (GMIME_IS_PART(o) && g_mime_content_type_is_type(type, "message", "delivery-status")) {
			take_status(r, GMIME_PART(o));
			status = true;
		} else if (GMIME_IS_MESSAGE_PART(o) && g_mime_message_part_get_message(GMIME_MESSAGE_PART(o))) {
			const char *raw = mail_raw_header(GMIME_OBJECT(g_mime_message_part_get_message(GMIME_MESSAGE_PART(o))), "Message-ID");
			const char *p = raw ? strchr(raw, '<') : NULL;
			size_t n = p ? strcspn(++p, ">") : 0;
			if (n && n < WORDS_MOST && p[n])
				m->bounce_of = mail_utf8(r->a, NULL, (struct bytes){ (const uint8_t *)p, n });
		} else if (GMIME_IS_PART(o) && g_mime_content_type_is_type(type, "text", "rfc822-headers")) {
			struct bytes b = mail_part_bytes(r->a, GMIME_PART(o));
			b.n = b.n < REPORT_MOST ? b.n : REPORT_MOST;
			m->bounce_of = id_in(r->a, mail_utf8(r->a, NULL, b));
		}
	}
	r->is_report = true;
	m->kind = status ? MAIL_BOUNCE : MAIL_BY_MACHINE;
}
