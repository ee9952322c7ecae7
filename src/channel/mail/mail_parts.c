/* The parts of a mail: words, files, and what a machine says of itself. */
#include <string.h>
#include <strings.h>

#include "channel/mail/mail_charset.h"
#include "channel/mail/mail_read_private.h"
#include "engine/clean/clean.h"

enum { DEPTH_MOST = 20, PARTS_MOST = 500, REPORT_MOST = 64 * 1024, BODY_TEXT_MOST = 2 << 20, FILE_NAME_MOST = 100 };

struct bytes mail_part_bytes(struct arena *a, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	struct bytes b = { (const uint8_t *)"", 0 };
	if (!content)
		return b;
	GMimeStream *stream = g_mime_stream_mem_new();
	if (g_mime_data_wrapper_write_to_stream(content, stream) >= 0) {
		GByteArray *all = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
		if (all && all->len)
			b = (struct bytes){ arena_copy(a, all->data, all->len), all->len };
	}
	g_object_unref(stream);
	return b;
}

/* Words: plain ones, and those of HTML where there are no plain ones. */
struct words {
	struct text plain, html;
	bool chooses;                   /* within multipart/alternative */
};

static void take_text(struct mail_reading *r, GMimePart *part, struct words *w)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	bool html = g_mime_content_type_is_type(type, "text", "html");
	struct bytes b = mail_part_bytes(r->a, part);
	b.n = b.n < BODY_TEXT_MOST ? b.n : BODY_TEXT_MOST;
	const char *text = mail_utf8(r->a, g_mime_content_type_get_parameter(type, "charset"), b);
	if (html)
		text = clean_html(r->a, text);
	if (text_empty(text))
		return;
	struct text *to = html && w->chooses ? &w->html : &w->plain;
	if (to->n && to->n < BODY_TEXT_MOST)
		text_char(to, '\n');
	if (to->n < BODY_TEXT_MOST)
		text_append(to, text);
}

static const char *name_of(struct mail_reading *r, GMimePart *part, const char *type)
{
	const char *given = g_mime_part_get_filename(part), *name = "";
	if (given)
		name = mail_header_words(r->a, given);
	const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
	name = slash ? slash + 1 : name;
	name = back && back + 1 > name ? back + 1 : name;
	if (text_empty(name))
		name = !strncasecmp(type, "image/png", 9) ? "图片.png" : !strncasecmp(type, "image/", 6) ? "图片.jpg" : "附件";
	size_t n = utf8_prefix(name, FILE_NAME_MOST);
	return arena_string_n(r->a, name, n);
}

static void take_file(struct mail_reading *r, GMimePart *part)
{
	struct mail_read *m = r->out;
	GMimeContentType *content = g_mime_object_get_content_type(GMIME_OBJECT(part));
	char *mime = g_mime_content_type_get_mime_type(content);
	const char *type = mail_utf8(r->a, NULL, (struct bytes){ (const uint8_t *)mime, strlen(mime) });
	g_free(mime);
	struct bytes b = mail_part_bytes(r->a, part);
	if (!b.n)
		return;
	if (m->file_n == MAIL_FILES_MOST) {
		m->file_more++;
		return;
	}
	const char *disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
	bool shown = g_mime_part_get_content_id(part) && (!disposition || strcasecmp(disposition, "attachment"));
	m->files[m->file_n++] = (struct mail_file){ .name = name_of(r, part, type), .type = type, .body = b, .is_inline = shown };
}

static bool is_text_body(GMimePart *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
	bool attached = (disposition && !strcasecmp(disposition, "attachment")) || g_mime_part_get_filename(part);
	return !attached && (g_mime_content_type_is_type(type, "text", "plain") || g_mime_content_type_is_type(type, "text", "html"));
}

/* A mail within the mail is a file. */
static void take_message(struct mail_reading *r, GMimeMessagePart *part)
{
	GMimeMessage *inner = g_mime_message_part_get_message(part);
	struct mail_read *m = r->out;
	if (!inner)
		return;
	if (m->file_n == MAIL_FILES_MOST) {
		m->file_more++;
		return;
	}
	char *whole = g_mime_object_to_string(GMIME_OBJECT(inner), NULL);
	const char *subject = mail_header_words(r->a, mail_raw_header(GMIME_OBJECT(inner), "Subject"));
	if (whole) {
		const char *name = text_empty(subject) ? "邮件.eml" : arena_format(r->a, "%.*s.eml", (int)utf8_prefix(subject, 40), subject);
		m->files[m->file_n++] = (struct mail_file){ .name = name, .type = "message/rfc822", .body = { arena_copy(r->a, whole, strlen(whole)), strlen(whole) } };
	}
	g_free(whole);
}

static void take(struct mail_reading *r, GMimeObject *o, struct words *w, unsigned depth);

static void take_all(struct mail_reading *r, GMimeMultipart *all, struct words *w, unsigned depth)
{
	for (int i = 0; i < g_mime_multipart_get_count(all); i++)
		take(r, g_mime_multipart_get_part(all, i), w, depth + 1);
}

static void take_alternative(struct mail_reading *r, GMimeMultipart *all, struct words *w, unsigned depth)
{
	struct words own = { text_in(r->a), text_in(r->a), true };
	take_all(r, all, &own, depth);
	const struct text *best = own.plain.n ? &own.plain : &own.html;
	if (!best->n)
		return;
	if (w->plain.n)
		text_char(&w->plain, '\n');
	text_append_n(&w->plain, best->p, best->n);
}

static void take(struct mail_reading *r, GMimeObject *o, struct words *w, unsigned depth)
{
	if (!o || depth > DEPTH_MOST || ++r->parts > PARTS_MOST) {
		r->out->is_broken = true;
		return;
	}
	if (GMIME_IS_MULTIPART(o)) {
		GMimeContentType *type = g_mime_object_get_content_type(o);
		if (g_mime_content_type_is_type(type, "multipart", "report") && !depth)
			mail_take_report(r, GMIME_MULTIPART(o));
		if (g_mime_content_type_is_type(type, "multipart", "alternative"))
			take_alternative(r, GMIME_MULTIPART(o), w, depth);
		else
			take_all(r, GMIME_MULTIPART(o), w, depth);
	} else if (GMIME_IS_MESSAGE_PART(o)) {
		if (!r->is_report)
			take_message(r, GMIME_MESSAGE_PART(o));
	} else if (GMIME_IS_PART(o)) {
		if (is_text_body(GMIME_PART(o)))
			take_text(r, GMIME_PART(o), w);
		else if (!r->is_report)
			take_file(r, GMIME_PART(o));
	}
}

void mail_take_parts(struct mail_reading *r, GMimeObject *root)
{
	struct words w = { text_in(r->a), text_in(r->a), false };
	take(r, root, &w, 0);
	if (w.plain.n)
		text_append_n(&r->text, w.plain.p, w.plain.n);
}
