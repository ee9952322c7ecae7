/* From the bytes of a mail to what the writer takes: words as JSON, files in the store. What the store refuses is named in the text. */
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/file/file.h"
#include "domain/mail/mail_private.h"

enum { SMALLEST_PICTURE = 200 };        /* bytes: what is smaller counts who reads, it shows nothing */

static void put(struct text *t, const char *name, const char *value)
{
	text_format(t, ",\"%s\":", name);
	json_text(t, value);
}

static void put_file(struct text *t, int64_t id, const struct file_ready *r, bool first)
{
	text_format(t, "%s{\"id\":%lld,\"size\":%lld,\"thumbnail_size\":%lld,\"width\":%lld,\"height\":%lld,\"blob\":", first ? "" : ",", (long long)id, (long long)r->size, (long long)r->thumbnail_size, (long long)r->width, (long long)r->height);
	json_text(t, r->blob);
	put(t, "thumbnail", r->thumbnail);
	put(t, "type", r->type);
	text_char(t, '}');
}

static int put_files(struct ctx *c, const struct mail_read *m, bool plain, struct text *t, struct text *missing)
{
	size_t n = 0;
	text_append(t, ",\"files\":[");
	for (size_t i = 0; i < m->file_n; i++) {
		const struct mail_file *f = &m->files[i];
		struct file_ready ready;
		int64_t id = 0;
		if (f->is_inline && f->body.n < SMALLEST_PICTURE)
			continue;
		if (!plain)
			TRY(file_bring(c, f->name, f->body, &id, &ready));
		if (id)
			put_file(t, id, &ready, n++ == 0);
		else
			text_format(missing, "%s%s", missing->n ? "、" : "", f->name);
	}
	text_char(t, ']');
	if (m->file_more)
		text_format(missing, "%s+%zu", missing->n ? "、" : "", m->file_more);
	return 0;
}

static void put_list(struct text *t, const char *name, const char *const *all, size_t n)
{
	text_format(t, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? "," : "");
		json_text(t, all[i]);
	}
	text_char(t, ']');
}

static const char *kind_of(const struct mail_read *m)
{
	return m->kind == MAIL_BOUNCE ? "bounce" : m->kind == MAIL_BY_MACHINE ? "machine" : m->wants_no_machine ? "quiet" : "person";
}

/* Without a Message-ID its bytes are its name. */
static const char *key_of(struct ctx *c, const struct mail_read *m, struct bytes raw)
{
	uint8_t hash[HASH_SIZE];
	if (!text_empty(m->id))
		return m->id;
	hash_sha256(raw.p, raw.n, hash);
	return hex(c->arena, hash, HASH_SIZE);
}

int mail_digest(struct ctx *c, const struct mail_account *a, struct bytes raw, bool cut, bool plain, struct text *t)
{
	struct mail_read m;
	struct text missing = text_in(c->arena);
	mail_read(c->arena, raw, &m);
	text_append(t, "{\"key\":");
	json_text(t, key_of(c, &m, raw));
	put(t, "id", m.id);
	put(t, "from", m.from);
	put(t, "called", m.from_name);
	put(t, "subject", m.subject);
	put(t, "said", m.said);
	put(t, "quoted", m.quoted);
	put(t, "kind", kind_of(&m));
	put(t, "mark", m.mark);
	put(t, "verdict", mail_verdict(c->arena, &m, a->authority));
	put(t, "bounce_of", m.bounce_of);
	put(t, "bounce_action", m.bounce_action);
	put(t, "bounce_words", arena_format(c->arena, "%s%s%s", m.bounce_status, text_empty(m.bounce_status) || text_empty(m.bounce_words) ? "" : " ", m.bounce_words));
	put_list(t, "to", m.to, m.to_n);
	put_list(t, "refs", m.refs, m.ref_n);
	TRY(put_files(c, &m, plain || m.kind == MAIL_BOUNCE, t, &missing));
	put(t, "missing", text_end(&missing));
	text_format(t, ",\"cut\":%s}", cut || m.is_cut || m.is_broken ? "true" : "false");
	return 0;
}
