/* An hour's job adds the next hour's under that hour's name. One job for the installation: it belongs to the first company. */
#include "core/audit/audit_send.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/api/readers.h"
#include "core/audit/audit.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "gen/audit_sql.h"
#include "net/client.h"

enum { ATTEMPTS = 6 };

static int plan(struct ctx *c)
{
	int64_t hour = c->now / HOUR_MS + 1;
	return job_add(c, new_id(c), audit_send_job.name, hour * HOUR_MS, arena_format(c->arena, "hour %lld", (long long)hour), NULL);
}

/* Lines -------------------------------------------------------------------------------------------------------------------- */

struct gathering {
	struct audit_companies_row *rows;
	size_t n;
	struct text lines;
};

static int list(struct ctx *c, void *arg)
{
	struct gathering *g = arg;
	struct audit_companies_row *rows;
	TRY(audit_companies(c, &rows, &g->n));
	g->rows = rows;
	return 0;
}

static int add_line(struct ctx *c, void *arg)
{
	struct gathering *g = arg;
	struct audit_head head;
	int r = audit_head_now(c, &head);
	if (r == ERR_NOT_FOUND)
		return 0;       /* nothing has happened there yet */
	TRY(r);
	audit_head_write(&g->lines, &head);
	text_char(&g->lines, '\n');
	return 0;
}

static int gather(struct ctx *c, struct gathering *g)
{
	int64_t own = c->tenant;
	int r = readers_run(c->services->readers, c, list, g);
	for (size_t i = 0; r == 0 && i < g->n; i++) {
		c->tenant = g->rows[i].tenant;
		r = readers_run(c->services->readers, c, add_line, g);
	}
	c->tenant = own;
	return r;
}

/* Elsewhere ---------------------------------------------------------------------------------------------------------------- */

/* Added whole and on disk, or the job comes again. */
static int add_to_file(struct ctx *c, const char *path, const struct text *lines)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, lines->p, lines->n) == (ssize_t)lines->n && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good ? 0 : fail(c, ERR_OUTBOUND, path);
}

static int post(struct ctx *c, const char *url, const struct text *lines)
{
	const struct http_pair headers[] = { { "Content-Type", "application/x-ndjson" } };
	const struct client_request q = { .method = "POST", .url = url, .headers = headers, .header_count = 1, .body = { (const uint8_t *)lines->p, lines->n } };
	struct client_reply reply;
	TRY(client_send(sender_client(c->services->sender), c->arena, &q, &reply, c->error));
	if (reply.status >= 200 && reply.status < 300)
		return 0;
	return fail(c, ERR_OUTBOUND, arena_format(c->arena, "HTTP %d", reply.status));
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	const struct audit_elsewhere *to = c->services->audit_elsewhere;
	struct gathering g = { .lines = text_in(c->arena) };
	TRY(gather(c, &g));
	if (!to || !g.lines.n)
		return 0;
	if (to->path)
		TRY(add_to_file(c, to->path, &g.lines));
	return to->url ? post(c, to->url, &g.lines) : 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	return plan(c);
}

/* Should it fail to the end, the next hour is another. */
static int died(struct ctx *c, const struct job *job)
{
	return plan(c);
}

const struct job_kind audit_send_job = { .name = "audit.send", .run = run, .call = call, .died = died, .attempts_most = ATTEMPTS };

/* Start -------------------------------------------------------------------------------------------------------------------- */

static bool goes_anywhere(const struct services *s)
{
	return s->audit_elsewhere && (s->audit_elsewhere->path || s->audit_elsewhere->url);
}

int audit_send_begin(struct ctx *c)
{
	return goes_anywhere(c->services) ? plan(c) : 0;
}

static int begin(struct ctx *c, void *arg)
{
	return audit_send_begin(c);
}

int audit_send_start(struct services *services, const struct clock *clock)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct gathering g = { 0 };
	struct ctx c = { .arena = a, .now = clock_now(clock), .request_id = "audit", .error = &error, .log = services->log, .services = services };
	TRY(readers_run(services->readers, &c, list, &g));
	if (g.n == 0)
		return 0;
	struct write_request r = { .run = begin, .queue = QUEUE_JOBS, .ctx = c };
	r.ctx.tenant = g.rows[0].tenant;
	return writer_run(services->writer, &r);
}
