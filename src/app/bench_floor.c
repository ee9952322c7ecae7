/* The floor of ticket creation: the same front, lanes and batches, and exactly the rows that one ticket writes, its
 * followers' included, with no logic: nothing is read, checked, sealed, redacted or cut. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

#include "app/app.h"
#include "app/bench.h"
#include "db/writer.h"
#include "gen/search_sql.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"
#include "net/http.h"

struct floor {
	struct app *app;
	struct bench_rows rows;
};

struct floor_call {
	struct floor *floor;
	struct http_request *http;
	struct error error;
	struct write_request write;
	const char *reply;
};

/* Every row of one ticket, with new ids: what `rows` was read from a real one. */
static int write_rows(struct ctx *c, void *arg)
{
	struct floor_call *k = arg;
	struct bench_rows r = k->floor->rows;
	int64_t number;
	int64_t id = new_id(c);
	r.ticket.id = id;
	r.ticket.no = arena_format(c->arena, "FL%lld", (long long)id);
	r.outbox.id = new_id(c);
	r.outbox.object_id = id;
	r.job.id = new_id(c);
	r.job.unique_key = arena_format(c->arena, "%lld", (long long)r.job.id);
	r.idempotency.key = r.ticket.no;
	r.doc.object_id = id;
	r.doc.doc = id;
	TRY(series_next(c, "FLOOR", &number));
	TRY(ticket_row_insert(c, &r.ticket));
	TRY(outbox_row_insert(c, &r.outbox));
	if (r.has_job)
		TRY(job_row_insert(c, &r.job));
	TRY(idempotency_row_insert(c, &r.idempotency));
	TRY(search_doc_row_insert(c, &r.doc));
	for (size_t i = 0; i < r.clock_count; i++) {
		r.clocks[i].id = new_id(c);
		r.clocks[i].object_id = id;
		r.clock_events[i].id = new_id(c);
		r.clock_events[i].clock_id = r.clocks[i].id;
		TRY(service_clock_row_insert(c, &r.clocks[i]));
		TRY(service_clock_event_row_insert(c, &r.clock_events[i]));
	}
	int64_t n;
	TRY(search_put_0(c, id, 0, r.words, &n));
	for (size_t i = 0; i < r.event_count; i++)
		TRY(event_add(c, r.events[i].kind, r.events[i].object, id, r.events[i].data));
	k->reply = r.idempotency.reply;
	return 0;
}

static void written(struct ctx *c, void *arg, int result)
{
	struct floor_call *k = arg;
	if (result < 0)
		http_reply_code(k->http, result, NULL);
	else
		http_reply_json(k->http, 201, k->reply, strlen(k->reply));
}

/* Every row that reading one ticket reads: session with rights, the ticket, and what it refers to by name. */
static int read_rows(struct ctx *c, void *arg)
{
	const struct bench_rows *rows = &((struct floor *)arg)->rows;
	const struct ticket *t = &rows->ticket;
	const uint8_t nobody[32] = { 0 };
	struct session_of_user_row *session;
	struct ticket ticket;
	struct customer customer;
	struct product product;
	struct device device;
	struct user_account owner;
	struct team team;
	struct region region;
	size_t n;
	TRY(session_of_user(c, (struct bytes){ nobody, sizeof(nobody) }, &session, &n));
	TRY(ticket_row_get(c, t->id, &ticket));
	TRY(customer_row_get(c, t->customer_id, &customer));
	if (t->product_id)
		TRY(product_row_get(c, t->product_id, &product));
	if (t->device_id)
		TRY(device_row_get(c, t->device_id, &device));
	if (t->owner_id)
		TRY(user_account_row_get(c, t->owner_id, &owner));
	if (t->team_id)
		TRY(team_row_get(c, t->team_id, &team));
	return t->region_id ? region_row_get(c, t->region_id, &region) : 0;
}

static void read_reply(struct floor_call *k)
{
	struct floor *f = k->floor;
	struct ctx c = {
		.arena = k->http->arena, .tenant = f->rows.ticket.tenant, .now = clock_now(&f->app->clock), .request_id = k->http->request_id,
		.error = &k->error, .log = &f->app->log, .services = &f->app->services,
	};
	if (readers_run(f->app->readers, &c, read_rows, f) < 0)
		http_reply_code(k->http, ERR_INTERNAL, NULL);
	else
		http_reply_json(k->http, 200, f->rows.idempotency.reply, strlen(f->rows.idempotency.reply));
}

static void handle(void *arg, struct http_request *r)
{
	struct floor *f = arg;
	struct floor_call *k = ARENA_NEW(r->arena, struct floor_call);
	*k = (struct floor_call){ .floor = f, .http = r };
	if (r->method == HTTP_GET) {
		read_reply(k);
		return;
	}
	k->write = (struct write_request){ .run = write_rows, .done = written, .arg = k, .queue = QUEUE_PEOPLE, .ctx = {
		.arena = r->arena, .tenant = f->rows.ticket.tenant, .actor_kind = ACTOR_USER, .actor_id = 1, .now = clock_now(&f->app->clock),
		.request_id = r->request_id, .error = &k->error, .log = &f->app->log, .services = &f->app->services,
	} };
	if (writer_submit(f->app->writer, &k->write) < 0)
		http_reply_code(r, ERR_BUSY, NULL);
}

static int dispatch(void *arg, struct http_request *r, struct error *e)
{
	return 0;
}

static void done(void *arg, struct http_request *r)
{
}

static void none(struct http_request *r, struct ctx *c)
{
}

static const struct route routes[] = {
	ROUTE(POST, "/api/v1/ticket", "anybody", RAW, .body = BODY_JSON, .raw = none),
	ROUTE(GET, "/api/v1/ticket/{id}", "anybody", RAW, .raw = none),
};

/* Serves until killed; prints the port. */
int bench_floor_serve(struct app *app, const struct bench_rows *rows, int out)
{
	struct floor floor = { .app = app, .rows = *rows };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int fd = http_listen("127.0.0.1", 0);
	if (fd < 0)
		return fd;
	struct http_options options = {
		.listen_fd = fd, .routes = routes, .route_count = 2, .log = &app->log, .dispatch = dispatch, .handle = handle, .done = done, .arg = &floor,
	};
	http_limits_of(&setting_defaults, &options.limits);
	options.limits.connections_per_ip = options.limits.connections;
	TRY(http_start(&options, &app->http));
	dprintf(out, "%d\n", http_listen_port(fd));
	for (;;)
		pause();
}
