/* Runs in the pool, sends an unlinked file: however large the list, neither a loop nor memory waits for it. */
#include "core/api/export_api.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/io/export.h"
#include "core/services.h"
#include "db/writer.h"

struct sending {
	struct api_call *call;
	const char *name;               /* of the file, and of what the audit is told */
	export_write *write;
	export_tell *tell;
	struct export_file file;
};

static void refuse(struct ctx *c, struct http_request *r, int code)
{
	if (!c->error->code)
		c->error->code = code;
	if (error_status(c->error->code) >= 500)
		log_write(c->log, LOG_ERROR, "export failed", "request", c->request_id, "code", error_name(c->error->code), NULL);
	http_reply_error(r, c->error);
}

static int write_file(struct ctx *c, void *arg)
{
	struct sending *s = arg;
	return s->write(c, s->call->in, &s->file);
}

static const char *file_name(struct ctx *c, const char *name, const char *format)
{
	char day[16];
	day_format(c->now / DAY_MS, day);
	return arena_format(c->arena, "attachment; filename=\"%s-%s.%s\"", name, day, format);
}

/* Every shape of an export begins with it. */
static const char *format_of(const struct sending *s)
{
	return *(const char *const *)s->call->in;
}

/* Before the file goes: who took what, in the audit. */
static int tell_it(struct ctx *c, void *arg)
{
	const struct sending *s = arg;
	if (s->tell)
		return s->tell(c, s->call->in, &s->file);
	return event_add(c, arena_format(c->arena, "%s.exported", s->name), s->name, 0,
	                 arena_format(c->arena, "{\"rows\":%lld,\"format\":\"%s\"}", (long long)s->file.rows, format_of(s)));
}

static int tell_audit(struct ctx *c, struct sending *s)
{
	struct write_request request = { .run = tell_it, .arg = s, .queue = QUEUE_PEOPLE, .ctx = *c };
	return writer_run(c->services->writer, &request);
}

static void note(struct ctx *c, const struct sending *s)
{
	log_write(c->log, LOG_INFO, "exported", "request", c->request_id, "record", s->name,
	          "rows", arena_format(c->arena, "%lld", (long long)s->file.rows),
	          "user", arena_format(c->arena, "%lld", (long long)c->actor_id), NULL);
}

static void send_export(void *arg)
{
	struct sending *s = arg;
	struct ctx *c = &s->call->ctx;
	struct http_request *r = s->call->http;
	struct stat is = { 0 };
	int fd = -1, result = readers_run(api_readers(s->call), c, write_file, s);
	if (result == 0) {
		s->file.path = arena_string(c->arena, s->file.path);
		result = tell_audit(c, s);
	}
	if (result < 0 && s->file.path)
		unlink(s->file.path);
	if (result == 0) {
		fd = open(s->file.path, O_RDONLY | O_CLOEXEC);
		unlink(s->file.path);
		result = fd < 0 || fstat(fd, &is) < 0 ? ERR_INTERNAL : 0;
	}
	if (result < 0) {
		if (fd >= 0)
			close(fd);
		return refuse(c, r, result);
	}
	note(c, s);
	const char *format = format_of(s);
	const struct http_pair headers[] = { { "Content-Disposition", file_name(c, s->name, format) }, { "Cache-Control", "no-store" } };
	const struct http_reply reply = {
		.status = 200, .headers = headers, .header_count = 2,
		.type = *format == 'c' ? "text/csv; charset=utf-8" : *format == 'j' ? "application/json" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	};
	http_reply_file(r, &reply, fd, 0, (uint64_t)is.st_size);
}

void export_send(struct http_request *r, struct ctx *c, const char *name, export_write *write, export_tell *tell)
{
	struct sending *s = ARENA_NEW(c->arena, struct sending);
	*s = (struct sending){ .call = r->user, .name = name, .write = write, .tell = tell };
	int result = call_read_input(s->call);
	if (result == 0)
		result = pool_submit(api_pool(s->call), send_export, s);
	if (result < 0)
		refuse(c, r, result);
}

static int write_record(struct ctx *c, const void *in, struct export_file *out)
{
	return export_run(c, c->call->record, in, out);
}

void export_reply(struct http_request *r, struct ctx *c)
{
	export_send(r, c, c->call->record->name, write_record, NULL);
}
