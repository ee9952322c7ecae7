/* One attempt of a transaction. What a failure means comes from engine.h; who runs again is decided in lane.c. */
#include "db/batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/known.h"
#include "gen/schema.h"
#include "gen/writer_sql.h"

static void empty(struct batch *b)
{
	arena_reset(b->arena);
	b->events = NULL;
	b->hooks = NULL;
	b->series = NULL;
	b->event_count = b->event_room = b->hook_count = b->hook_room = b->series_count = b->series_room = 0;
	b->ran = b->culprit = 0;
	b->full = false;
	b->slow = 0;
	b->longest_ns = 0;
	b->number++;
}

/* The transaction can take further statements. A handler may have swallowed the error that ended it: so ask the engine. */
static bool is_usable(const struct batch *b)
{
	return db_in_transaction(b->db) && db_failure(b->db) <= FAILURE_STATEMENT;
}

static void note_time(struct batch *b, const struct write_request *r, int64_t ns)
{
	if (ns > b->longest_ns)
		b->longest_ns = ns;
	if (ns <= (int64_t)SLOW_HANDLER_MS * 1000000)
		return;
	char ms[24];
	snprintf(ms, sizeof(ms), "%" PRId64, ns / 1000000);
	b->slow++;
	log_write(b->log, LOG_WARN, "handler held the writer too long", "request", r->ctx.request_id, "ms", ms, NULL);
}

/* more: others follow, so nobody waits for the last statements of this one. */
static int run_handler(struct batch *b, struct write_request *r, bool more)
{
	struct ctx *c = &r->ctx;
	arena_rewind(c->arena, r->own.mark);
	error_clear(c->error);
	c->db = b->db;
	c->batch = b;
	TRY(db_savepoint(b->db));
	if (c->tenant)
		TRY(db_set_tenant(b->db, c->tenant));
	int64_t start = monotonic_ns();
	int result = r->run(c, r->arg);
	if (result >= 0) {
		int released = more ? db_release_later(b->db) : db_release(b->db);
		if (released < 0)
			result = released;
	}
	note_time(b, r, monotonic_ns() - start);
	return result;
}

/* Runs one request; false when the transaction did not outlive it. */
static bool run_one(struct batch *b, struct write_request *r, bool more)
{
	b->event_mark = b->event_count;
	b->hook_mark = b->hook_count;
	batch_mark_series(b);
	int result = run_handler(b, r, more);
	r->own.result = result;
	if (!is_usable(b))
		return false;
	if (result >= 0)
		return true;
	b->event_count = b->event_mark;
	b->hook_count = b->hook_mark;
	batch_undo_series(b);
	return db_rollback_to(b->db) >= 0 && is_usable(b);
}

/* Ends the transaction and says what its failure means. */
static enum outcome give_up(struct batch *b, enum outcome otherwise)
{
	enum failure failure = db_failure(b->db);
	if (failure > FAILURE_STATEMENT)
		log_write(b->log, LOG_WARN, "batch failed", "cause", db_message(b->db), NULL);
	db_rollback(b->db);
	b->full = failure == FAILURE_FULL;
	if (failure == FAILURE_LOST)
		return OUTCOME_LOST;
	if (failure == FAILURE_FATAL)
		return OUTCOME_FATAL;
	return otherwise;
}

static enum outcome commit(struct batch *b)
{
	struct error error = { 0 };
	struct ctx c = { .arena = b->arena, .db = b->db, .now = clock_now(b->clock), .error = &error, .log = b->log };
	b->code = batch_store_series(b, &c);
	if (b->code >= 0)
		b->code = batch_number_events(b, &c);
	if (b->code >= 0 && b->writer)
		b->code = lane_writer_note(&c, b->lane, b->writer, b->number, c.now, NULL);
	if (b->code < 0)
		return give_up(b, OUTCOME_NOTHING);
	b->code = db_commit(b->db);
	if (b->code >= 0)
		return OUTCOME_STORED;
	enum outcome outcome = give_up(b, OUTCOME_NOTHING);
	if (outcome == OUTCOME_LOST)
		return b->writer ? OUTCOME_UNKNOWN : OUTCOME_NOTHING;
	return outcome == OUTCOME_FATAL ? OUTCOME_FATAL_UNKNOWN : outcome;
}

/* Jobs may take so long together that people would notice: then the rest waits for the next batch. */
static bool allowance_is_spent(const struct write_request *r, int64_t jobs_since)
{
	return r->queue == QUEUE_JOBS && jobs_since && monotonic_ns() - jobs_since > (int64_t)JOBS_ALLOWANCE_MS * 1000000;
}

/* Requests of one company that ask alike, from the i-th on. */
static int ask_for_others(struct batch *b, struct write_request **requests, size_t n, size_t i)
{
	struct error error = { 0 };
	struct ctx c = { .arena = b->arena, .db = b->db, .tenant = requests[i]->ctx.tenant, .now = clock_now(b->clock), .error = &error, .log = b->log };
	struct write_request **alike = ARENA_ARRAY(b->arena, struct write_request *, n);
	size_t count = 0;
	for (size_t k = i; k < n; k++)
		if (requests[k]->ahead == requests[i]->ahead && requests[k]->ctx.tenant == c.tenant)
			alike[count++] = requests[k];
	TRY(db_set_tenant(b->db, c.tenant));
	return count > 1 ? requests[i]->ahead(&c, alike, count) : 0;
}

/* Each kind of request of each company once: with the first of them. */
static int ask_ahead(struct batch *b, struct write_request **requests, size_t n)
{
	for (size_t i = 0; db_knows(b->db) && i < n; i++) {
		bool asked = !requests[i]->ahead;
		for (size_t k = 0; k < i && !asked; k++)
			asked = requests[k]->ahead == requests[i]->ahead && requests[k]->ctx.tenant == requests[i]->ctx.tenant;
		if (!asked)
			TRY(ask_for_others(b, requests, n, i));
	}
	return 0;
}

enum outcome batch_attempt(struct batch *b, struct write_request **requests, size_t n)
{
	size_t good = 0;
	int64_t jobs_since = 0;
	empty(b);
	b->code = db_begin_write(b->db, b->lane);
	if (b->code >= 0)
		b->code = ask_ahead(b, requests, n);
	if (b->code < 0)
		return give_up(b, OUTCOME_NOTHING);
	for (size_t i = 0; i < n; i++) {
		if (allowance_is_spent(requests[i], jobs_since))
			break;
		if (!jobs_since && requests[i]->queue == QUEUE_JOBS)
			jobs_since = monotonic_ns();
		b->ran++;
		if (!run_one(b, requests[i], i + 1 < n)) {
			size_t back = db_failed_back(b->db);
			b->culprit = i - (back < i ? back : i);
			b->code = ERR_DATABASE;
			return give_up(b, OUTCOME_CULPRIT);
		}
		good += requests[i]->own.result >= 0;
	}
	if (good)
		return commit(b);
	db_rollback(b->db);
	return OUTCOME_STORED;          /* each refused on its own account: nothing to store */
}
