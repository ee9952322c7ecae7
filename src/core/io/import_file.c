/* Files that rows name: looked at in a dry run, else taken by the way of every upload, so that nothing comes in that could not be uploaded. */

#include "core/file/file.h"
#include "core/file/sniff.h"
#include "core/io/import.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "engine/bundle/bundle.h"

int import_bundle_open(struct ctx *c, struct arena *a, const char *path, struct bundle **out)
{
	const struct bundle_limits limits = { .bytes = (uint64_t)setting_of(c, SETTING_SHEET_BUNDLE), .entries = BUNDLE_ENTRIES, .ratio = BUNDLE_RATIO };
	const char *arg;
	int r = bundle_open(a, path, &limits, out, &arg);
	return r < 0 ? fail(c, r, arg) : 0;
}

/* Opened, and no larger than any upload may be. */
static int find(struct ctx *c, struct bundle *b, const char *path, int64_t *size, const char **arg)
{
	int64_t most = setting_of(c, SETTING_FILE_SIZE);
	*arg = NULL;
	TRY(bundle_find(b, path, size));
	*arg = arena_format(c->arena, "%lld MB", (long long)(most >> 20));
	return *size > most ? ERR_TOO_LARGE : 0;
}

static int64_t read_full(struct bundle *b, uint8_t *p, size_t n)
{
	size_t got = 0;
	while (got < n) {
		int64_t more = bundle_read(b, p + got, n - got);
		if (more < 0)
			return more;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (int64_t)got;
}

void import_file_look(struct ctx *c, struct bundle *b, const char *path, struct import_row *row)
{
	uint8_t head[SNIFF_SIZE];
	int64_t size, n = 0;
	row->file_fault = find(c, b, path, &size, &row->file_arg);
	if (row->file_fault == 0)
		n = read_full(b, head, sizeof(head));
	if (n < 0)
		row->file_fault = (int)n;
	else if (row->file_fault == 0 && sniff(head, (size_t)n)->class == FILE_REFUSED)
		row->file_fault = ERR_MEDIA_TYPE;
	bundle_leave(b);
}

struct taking {
	const char *name;
	int64_t size;
	struct upload_place place;
};

static int begin(struct ctx *c, void *arg)
{
	struct taking *t = arg;
	return file_begin(c, t->name, t->size, &t->place);
}

static int drop(struct ctx *c, void *arg)
{
	return file_drop(c, ((struct taking *)arg)->place.id);
}

static int copy(struct ctx *c, struct bundle *b, struct taking *t)
{
	int64_t part = setting_of(c, SETTING_FILE_PART);
	uint8_t *buffer = arena_alloc(c->arena, (size_t)(part < t->size ? part : t->size));
	for (t->place.offset = 0; t->place.offset < t->size;) {
		int64_t left = t->size - t->place.offset, n = read_full(b, buffer, (size_t)(left < part ? left : part));
		if (n <= 0)
			return n < 0 ? (int)n : ERR_SHEET_DAMAGED;
		TRY(file_part(c, &t->place, t->place.offset, (struct bytes){ buffer, (size_t)n }));
		t->place.offset += n;
	}
	uint8_t more;
	int64_t n = bundle_read(b, &more, 1);   /* its end has to be its end: a checksum is only known there */
	return n < 0 ? (int)n : n > 0 ? ERR_BUNDLE_BOMB : 0;
}

static const char *last_part(const char *path)
{
	const char *name = path;
	for (const char *p = path; *p; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	return name;
}

static int run(struct write_request *as, int (*fn)(struct ctx *c, void *arg), struct taking *t)
{
	as->run = fn;
	as->arg = t;
	return writer_run(as->ctx.services->writer, as);
}

/* A fault of the file is its row's; anything else ends the import, which goes on from this row. */
int import_file_take(struct write_request *as, struct bundle *b, const char *path, struct import_row *row)
{
	struct ctx *c = &as->ctx;
	struct taking t = { .name = last_part(path) };
	int r = find(c, b, path, &t.size, &row->file_arg);
	if (r == 0) {
		TRY(run(as, begin, &t));
		r = copy(c, b, &t);
		if (r == 0)
			r = file_prepare(c, &t.place, &row->file);
		if (r < 0) {
			row->file_arg = c->error->arg;
			error_clear(c->error);
			TRY(run(as, drop, &t));
		}
	}
	bundle_leave(b);
	if (r == 0)
		row->file_id = t.place.id;
	else if (error_status(r) >= 500)
		return r;
	row->file_fault = r;
	return 0;
}
