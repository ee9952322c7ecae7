/* Bytes that another system has brought go by the same doors as an upload of a person: announced, written in parts, judged, re-encoded, sealed. */
#include "core/file/file.h"

#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"

struct uploading {
	const char *name;
	int64_t size;
	struct upload_place place;
};

static int begin(struct ctx *c, void *arg)
{
	struct uploading *b = arg;
	return file_begin(c, b->name, b->size, &b->place);
}

static int drop(struct ctx *c, void *arg)
{
	return file_drop(c, ((struct uploading *)arg)->place.id);
}

static int in_writer(struct ctx *c, int (*fn)(struct ctx *c, void *arg), struct uploading *b)
{
	struct write_request w = { .run = fn, .arg = b, .queue = QUEUE_JOBS, .ctx = *c };
	return writer_run(c->services->writer, &w);
}

int file_bring(struct ctx *c, const char *name, struct bytes body, int64_t *id, struct file_ready *out)
{
	struct uploading b = { .name = name, .size = (int64_t)body.n };
	int64_t part = setting_of(c, SETTING_FILE_PART);
	*id = 0;
	int r = in_writer(c, begin, &b);
	if (r == ERR_TOO_LARGE || r == ERR_FIELD_INVALID || r == ERR_INVALID) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	while (b.place.offset < b.size) {
		int64_t left = b.size - b.place.offset, n = left < part ? left : part;
		TRY(file_part(c, &b.place, b.place.offset, (struct bytes){ body.p + b.place.offset, (size_t)n }));
		b.place.offset += n;
	}
	r = file_prepare(c, &b.place, out);
	if (r < 0 && error_status(r) < 500) {
		error_clear(c->error);
		return in_writer(c, drop, &b);
	}
	*id = r == 0 ? b.place.id : 0;
	return r;
}
