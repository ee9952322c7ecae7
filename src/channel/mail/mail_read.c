/* Headers of a mail, and the way through its parts' beginning. */
#include "channel/mail/mail_read_private.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "channel/mail/mail_charset.h"
#include "channel/mail/mail_quote.h"
#include "net/mail.h"

/* What a parser would spend much memory on: parts of no bytes, headers of few. */
enum { RULES_MOST = 2000, SHORT_HEADERS_MOST = 5000, HEADS_MOST = 256 * 1024, ID_MOST = 250, NAME_MOST = 60, SUBJECT_MOST = 200 };

static void begin(void)
{
	g_mime_init();
}

const char *mail_raw_header(GMimeObject *o, const char *name)
{
	GMimeHeader *h = g_mime_header_list_get_header(g_mime_object_get_header_list(o), name);
	return h ? g_mime_header_get_raw_value(h) : NULL;
}

static const char *words_of(struct arena *a, GMimeObject *o, const char *name, size_t most)
{
	const char *text = mail_header_words(a, mail_raw_header(o, name));
	return arena_string_n(a, text, utf8_prefix(text, most));
}

static const char *lower(struct arena *a, const char *s)
{
	char *copy = arena_string(a, s);
	for (char *p = copy; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 32 : *p);
	return copy;
}

/* Ids, however they are parted: <a@b> <c@d>. */
static void take_ids(struct mail_reading *r, const char *raw)
{
	struct mail_read *m = r->out;
	for (const char *p = raw ? raw : ""; (p = strchr(p, '<')) != NULL && m->ref_n < MAIL_REFERENCES_MOST;) {
		size_t n = strcspn(++p, "> \t\r\n");
		if (n && n <= ID_MOST && p[n] == '>')
			m->refs[m->ref_n++] = mail_utf8(r->a, NULL, (struct bytes){ (const uint8_t *)p, n });
	}
}

static const char *first_id(struct arena *a, const char *raw)
{
	const char *p = raw ? strchr(raw, '<') : NULL;
	size_t n = p ? strcspn(++p, "> \t\r\n") : 0;
	return n && n <= ID_MOST && p[n] == '>' ? mail_utf8(a, NULL, (struct bytes){ (const uint8_t *)p, n }) : "";
}

static void take_addresses(struct mail_reading *r, const char *raw, const char **name)
{
	struct mail_read *m = r->out;
	if (!raw || strlen(raw) > HEADS_MOST / 8)
		return;
	InternetAddressList *list = internet_address_list_parse(NULL, mail_utf8(r->a, NULL, (struct bytes){ (const uint8_t *)raw, strlen(raw) }));
	for (int i = 0; list && i < internet_address_list_length(list) && m->to_n < MAIL_RECEIVERS_MOST; i++) {
		InternetAddress *one = internet_address_list_get_address(list, i);
		const char *address = INTERNET_ADDRESS_IS_MAILBOX(one) ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)) : NULL;
		if (!address || mail_address_check(address) < 0)
			continue;
		if (name && internet_address_get_name(one))
			*name = mail_header_words(r->a, internet_address_get_name(one));
		m->to[m->to_n++] = lower(r->a, address);
	}
	if (list)
		g_object_unref(list);
}

/* From says who wrote it; where it names nobody who can be written to, Sender or Reply-To does. */
static void take_from(struct mail_reading *r, GMimeObject *o)
{
	static const char *const heads[] = { "From", "Sender", "Reply-To" };
	struct mail_read *m = r->out;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]) && !*m->from; i++) {
		const char *name = "";
		take_addresses(r, mail_raw_header(o, heads[i]), &name);
		if (m->to_n) {
			m->from = m->to[0];
			m->from_name = arena_string_n(r->a, name, utf8_prefix(name, NAME_MOST));
		}
		m->to_n = 0;
	}
}

static void take_verdicts(struct mail_reading *r, GMimeObject *o)
{
	enum { MOST = 8 };
	struct mail_read *m = r->out;
	GMimeHeaderList *all = g_mime_object_get_header_list(o);
	m->verdicts = ARENA_ARRAY(r->a, const char *, MOST);
	for (int i = 0; i < g_mime_header_list_get_count(all) && m->verdict_n < MOST; i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(all, i);
		if (!strcasecmp(g_mime_header_get_name(h), "Authentication-Results"))
			m->verdicts[m->verdict_n++] = mail_header_words(r->a, g_mime_header_get_raw_value(h));
	}
}

static void take_heads(struct mail_reading *r, GMimeMessage *message)
{
	static const char *const receivers[] = { "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To" };
	struct mail_read *m = r->out;
	GMimeObject *o = GMIME_OBJECT(message);
	m->id = first_id(r->a, mail_raw_header(o, "Message-ID"));
	m->subject = words_of(r->a, o, "Subject", SUBJECT_MOST);
	m->mark = words_of(r->a, o, MAIL_MARK, 100);
	take_from(r, o);
	for (size_t i = 0; i < sizeof(receivers) / sizeof(receivers[0]); i++)
		take_addresses(r, mail_raw_header(o, receivers[i]), NULL);
	take_ids(r, mail_raw_header(o, "References"));
	take_ids(r, mail_raw_header(o, "In-Reply-To"));
	take_verdicts(r, o);
}

/* Whether GMime may have it: else somebody lets us spend gigabytes on a few megabytes. */
static bool is_bearable(struct bytes raw)
{
	size_t rules = 0, heads = 0;
	const char *p = (const char *)raw.p, *end = p + raw.n;
	while (p < end) {
		const char *line = memchr(p, '\n', (size_t)(end - p));
		const char *stop = line ? line : end;
		rules += stop - p >= 2 && p[0] == '-' && p[1] == '-';
		heads += stop - p < 24 && memchr(p, ':', (size_t)(stop - p)) != NULL;
		p = stop + 1;
	}
	return rules <= RULES_MOST && heads <= SHORT_HEADERS_MOST;
}

static GMimeMessage *parse(struct bytes raw)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)raw.p, raw.n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return m;
}

static void cut(struct mail_reading *r)
{
	struct mail_read *m = r->out;
	size_t n = utf8_prefix(m->said, MAIL_TEXT_MOST);
	if (m->said[n]) {
		m->said = arena_string_n(r->a, m->said, n);
		m->is_cut = true;
	}
	m->quoted = arena_string_n(r->a, m->quoted, utf8_prefix(m->quoted, MAIL_TEXT_MOST));
}

void mail_read(struct arena *a, struct bytes raw, struct mail_read *out)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct mail_reading r = { .a = a, .out = out, .text = text_in(a) };
	pthread_once(&once, begin);
	*out = (struct mail_read){ .id = "", .from = "", .from_name = "", .subject = "", .said = "", .quoted = "", .mark = "", .bounce_of = "", .bounce_action = "", .bounce_status = "", .bounce_to = "", .bounce_words = "" };
	out->to = ARENA_ARRAY(a, const char *, MAIL_RECEIVERS_MOST);
	out->refs = ARENA_ARRAY(a, const char *, MAIL_REFERENCES_MOST);
	out->files = ARENA_ARRAY(a, struct mail_file, MAIL_FILES_MOST);
	bool bearable = is_bearable(raw);
	struct bytes some = { raw.p, raw.n < HEADS_MOST ? raw.n : HEADS_MOST };
	if (!bearable) {        /* its heads alone, and the beginning of its words as they stand */
		const uint8_t *blank = memmem(some.p, some.n, "\n\n", 2), *windows = memmem(some.p, some.n, "\n\r\n", 3);
		const uint8_t *end = blank && (!windows || blank < windows) ? blank : windows;
		some.n = end ? (size_t)(end - some.p) + 1 : some.n;
	}
	GMimeMessage *m = parse(bearable ? raw : is_bearable(some) ? some : (struct bytes){ 0 });
	out->is_broken = !m || !bearable;
	if (m) {
		take_heads(&r, m);
		mail_judge(&r, m);
		if (bearable && g_mime_message_get_mime_part(m))
			mail_take_parts(&r, g_mime_message_get_mime_part(m));
		g_object_unref(m);
	}
	if (!bearable)
		text_append(&r.text, mail_utf8(a, NULL, (struct bytes){ raw.p + some.n, raw.n - some.n < MAIL_TEXT_MOST ? raw.n - some.n : MAIL_TEXT_MOST }));
	mail_split(a, text_end(&r.text), &out->said, &out->quoted);
	cut(&r);
}

const char *mail_bare_subject(const char *subject)
{
	static const char *const before[] = { "re:", "re：", "fw:", "fwd:", "fw：", "aw:", "sv:", "回复:", "回复：", "答复:", "答复：", "转发:", "转发：", "回覆:", "回覆：", "轉寄:" };
	for (bool found = true; found;) {
		found = false;
		subject += strspn(subject, " ");
		for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
			if (!strncasecmp(subject, before[i], strlen(before[i]))) {
				subject += strlen(before[i]);
				found = true;
			}
	}
	return subject;
}

/* method=result, as "spf=pass" or "dkim=fail". */
static bool says(const char *verdict, const char *what)
{
	size_t n = strlen(what);
	for (const char *p = verdict; (p = strcasestr(p, what)) != NULL; p += n)
		if ((p == verdict || strchr(" ;\t", p[-1])) && !isalnum((unsigned char)p[n]))
			return true;
	return false;
}

const char *mail_verdict(struct arena *a, const struct mail_read *m, const char *authority)
{
	for (size_t i = 0; i < m->verdict_n && !text_empty(authority); i++) {
		const char *v = m->verdicts[i] + strspn(m->verdicts[i], " ");
		size_t n = strcspn(v, " ;");
		if (n != strlen(authority) || strncasecmp(v, authority, n))
			continue;
		if (says(v, "dmarc=pass") || says(v, "dkim=pass") || says(v, "spf=pass"))
			return says(v, "dmarc=fail") ? "fail" : "pass";
		return says(v, "dmarc=fail") || says(v, "dkim=fail") || says(v, "spf=fail") || says(v, "spf=softfail") ? "fail" : "none";
	}
	return "none";
}
