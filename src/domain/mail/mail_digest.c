/* From the bytes of a mail to what the writer takes: words as JSON, files in the store. What the store refuses is named in the text. */
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/file/file.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/mail/mail_private.h"

enum { SMALLEST_PICTURE = 200 };        /* bytes: what is smaller counts who reads, it shows nothing */

struct uploading {
	struct upload_place place;
	const struct mail_file *file;
};

static int begin(struct ctx *c, void *arg)
{
	struct uploading *u = arg;
	return file_begin(c, u->file->name, (int64_t)u->file->body.n, &u->place);
}

static int drop(struct ctx *c, void *arg)
{
	return file_drop(c, ((struct uploading *)arg)->place.id);
}

static int in_writer(struct ctx *c, int (*fn)(struct ctx *c, void *arg), void *arg)
{
	struct write_request w = { .run = fn, .arg = arg, .queue = QUEUE_JOBS, .ctx = *c };
	return writer_run(c->services->writer, &w);
}

/* *kept: the store has it. A file that is dangerous, broken or too large is none. */
static int keep(struct ctx *c, struct uploading *u, struct file_ready *ready, bool *kept)
{
	int64_t part = setting_of(c, SETTING_FILE_PART), size = (int64_t)u->file->body.n;
	*kept = false;
	int r = in_writer(c, begin, u);
	if (r == ERR_TOO_LARGE || r == ERR_FIELD_INVALID || r == ERR_INVALID) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	while (u->place.offset < size) {
		int64_t left = size - u->place.offset, n = left < part ? left : part;
		TRY(file_part(c, &u->place, u->place.offset, (struct bytes){ u->file->body.p + u->place.offset, (size_t)n }));
		u->place.offset += n;
	}
	r = file_prepare(c, &u->place, ready);
	if (r < 0 && error_status(r) < 500) {
		error_clear(c->error);
		return in_writer(c, drop, u);
	}
	*kept = r == 0;
	return r;
}

static void put(struct text *t, const char *name, const char *value)
{
	text_format(t, ",\"%s\":", name);
	json_text(t, value);
}

static void put_file(struct text *t, const struct uploading *u, const struct file_ready *r, bool first)
{
	text_format(t, "%s{\"id\":%lld,\"size\":%lld,\"thumbnail_size\":%lld,\"width\":%lld,\"height\":%lld,\"blob\":", first ? "" : ",", (long long)u->place.id, (long long)r->size, (long long)r->thumbnail_size, (long long)r->width, (long long)r->height);
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
		struct uploading u = { .file = &m->files[i] };
		struct file_ready ready;
		bool kept = false;
		if (u.file->is_inline && u.file->body.n < SMALLEST_PICTURE)
			continue;
		if (!plain)
			TRY(keep(c, &u, &ready, &kept));
		if (kept)
			put_file(t, &u, &ready, n++ == 0);
		else
			text_format(missing, "%s%s", missing->n ? "、" : "", u.file->name);
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
