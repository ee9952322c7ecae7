/* What one ticket writes, read back, and a million of it. */
#include <stdio.h>
#include <string.h>

#include "app/bench.h"
#include "core/search/search_words.h"
#include "domain/ticket/queue.h"
#include "gen/bench_sql.h"
#include "gen/clock_sql.h"
#include "gen/history_sql.h"

enum { CHUNK = 400 };

struct rows_reading {
	int64_t id;
	struct bench_rows *rows;
	struct arena *arena;
};

#define FIRST(query, target, ...)                                                                  \
	do {                                                                                       \
		size_t found;                                                                      \
		TRY(query(c, __VA_ARGS__, &(target), &found));                                     \
		if (found == 0)                                                                    \
			return fail(c, ERR_NOT_FOUND, #query);                                     \
	} while (0)

static int read_events(struct ctx *c, struct bench_rows *rows, int64_t id)
{
	struct event_last_row *last;
	struct event *events;
	size_t n;
	TRY(event_last(c, &last, &n));
	TRY(bench_events(c, n ? last[0].event_no - 2 : 0, &events, &n));
	for (size_t i = 0; i < n && i < BENCH_EVENTS; i++)
		rows->events[rows->event_count++] = events[i];
	return 0;
}

static int read_clocks(struct ctx *c, struct bench_rows *rows, int64_t id)
{
	struct service_clock *clocks;
	size_t n;
	TRY(clocks_of_object(c, "ticket", id, &clocks, &n));
	for (size_t i = 0; i < n && i < BENCH_CLOCKS; i++) {
		struct service_clock_event *events;
		size_t count;
		TRY(clock_events(c, clocks[i].id, &events, &count));
		rows->clocks[i] = clocks[i];
		rows->clock_events[i] = events[0];
		rows->clock_count++;
	}
	return 0;
}

static int read_rows(struct ctx *c, void *arg)
{
	struct rows_reading *r = arg;
	struct ticket *ticket;
	struct outbox *outbox;
	struct idempotency *idempotency;
	struct search_doc *doc;
	struct job *jobs;
	size_t n;
	c->arena = r->arena;
	FIRST(bench_ticket, ticket, r->id);
	FIRST(bench_outbox, outbox, r->id);
	FIRST(bench_doc, doc, r->id);
	TRY(bench_idempotency(c, &idempotency, &n));
	if (n == 0)
		return fail(c, ERR_NOT_FOUND, "idempotency");
	TRY(bench_jobs(c, &jobs, &n));
	r->rows->ticket = *ticket;
	r->rows->outbox = *outbox;
	r->rows->idempotency = *idempotency;
	r->rows->doc = *doc;
	r->rows->has_job = n > 0;
	if (n)
		r->rows->job = jobs[0];
	struct document words;
	const struct search_text texts[] = { { SEARCH_TITLE, ticket->no }, { SEARCH_TITLE, ticket->title }, { SEARCH_BODY, ticket->title } };
	document_make(c, "ticket", texts, 3, &words);
	r->rows->words = words.words;
	TRY(read_clocks(c, r->rows, r->id));
	return read_events(c, r->rows, r->id);
}

int bench_rows_read(struct app *app, struct arena *arena, int64_t tenant, int64_t id, struct bench_rows *rows)
{
	struct rows_reading r = { .id = id, .rows = rows, .arena = arena };
	*rows = (struct bench_rows){ 0 };
	return app_read(app, tenant, read_rows, &r);
}

struct fill {
	const struct bench_rows *rows;
	int64_t from, wanted, tenant;
};

static int count_tickets(struct ctx *c, void *arg)
{
	struct bench_tickets_row row;
	TRY(bench_tickets(c, &row));
	((struct fill *)arg)->from = row.n;
	return 0;
}

/* Owners and states spread as in a year of work: most closed, a few thousand open per person. */
static int fill_chunk(struct ctx *c, void *arg)
{
	static const char *const states[] = { "new", "accepted", "working", "waiting_customer", "resolved", "cancelled" };
	const struct fill *f = arg;
	for (int64_t i = f->from; i < f->from + CHUNK && i < f->wanted; i++) {
		struct ticket t = f->rows->ticket;
		t.id = new_id(c);
		t.no = arena_format(c->arena, "SB%lld", (long long)t.id);
		t.created_at = t.updated_at = c->now - (f->wanted - i) * 30000;
		t.owner_id = BENCH_OWNER + (i % 20 == 0 ? i / 120 % 10 : i % 200);
		t.state = i % 20 == 0 ? states[i / 20 % 6] : "closed";
		TRY(ticket_row_insert(c, &t));
		TRY(queue_follow(c, NULL, &t));
	}
	return 0;
}

int bench_fill(struct app *app, int64_t tenant, const struct bench_rows *rows, int64_t wanted)
{
	struct fill f = { .rows = rows, .wanted = wanted, .tenant = tenant };
	TRY(app_read(app, tenant, count_tickets, &f));
	for (; f.from < wanted; f.from += CHUNK) {
		TRY(app_write(app, tenant, fill_chunk, &f));
		if (f.from / CHUNK % 100 == 0)
			fprintf(stderr, "\rtickets %lld / %lld ", (long long)f.from, (long long)wanted);
	}
	fputc('\n', stderr);
	return 0;
}
