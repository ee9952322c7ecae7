/* What happens after an attempt: replies, or who runs again with whom.
 *
 * A request that ended the transaction runs again alone, the others again together. When nobody is to blame, or blaming
 * goes on for too long, the batch is halved. So each request is at last alone with its failure, and none is acknowledged
 * that is not stored. A connection lost during COMMIT is decided by this writer's mark, read behind the lane's lock: the
 * server gives that lock only when the old transaction has ended one way or the other. */
#include "db/lane.h"

#include "gen/writer_sql.h"

enum {
	MOST_BLAMES = 3,                /* then halving, which is bounded by n log n runs */
	MOST_LOSSES = 3,                /* of a request that is alone: perhaps it is what kills the connection */
	FIRST_BACKOFF_MS = 20,
	LONGEST_BACKOFF_MS = 1000,
	PATIENCE_MS = 10 * 1000,        /* for a connection, while people wait */
	PATIENCE_UNKNOWN_MS = 60 * 1000,        /* longer when the answer is not known */
};

static void settle(struct writer_lane *l, struct write_request **requests, size_t n, int blames);

static void reply(struct write_request *r, int result)
{
	struct ctx *c = &r->ctx;
	c->db = NULL;
	c->batch = NULL;
	if (result < 0 && !c->error->code)
		result = error_set(c->error, c->arena, result, NULL);
	if (r->done)
		r->done(c, r->arg, result);
}

void lane_fail(struct writer_lane *l, struct write_request **requests, size_t n, int code)
{
	pthread_mutex_lock(&l->mutex);
	l->stats.requests += n;
	l->stats.failed += n;
	pthread_mutex_unlock(&l->mutex);
	for (size_t i = 0; i < n; i++) {
		error_clear(requests[i]->ctx.error);
		reply(requests[i], code);
	}
}

static void count(struct writer_lane *l, size_t stored, size_t failed, uint64_t *kind)
{
	struct batch *b = &l->batch;
	pthread_mutex_lock(&l->mutex);
	l->stats.batches += stored || failed;
	l->stats.requests += stored + failed;
	l->stats.failed += failed;
	l->stats.slow += b->slow;
	l->stats.events += stored ? b->event_count : 0;
	if (b->longest_ns > l->stats.longest_handler_ns)
		l->stats.longest_handler_ns = b->longest_ns;
	if (kind)
		++*kind;
	pthread_mutex_unlock(&l->mutex);
	b->slow = 0;            /* counted; an attempt may come here twice */
}

/* The batch is durable: wake-ups first, since `done` may end a request's arena and a client may look at once. */
static void acknowledge(struct writer_lane *l, struct write_request **requests, size_t n)
{
	struct batch *b = &l->batch;
	const struct writer_options *o = &l->writer->options;
	size_t failed = 0;
	for (size_t i = 0; i < b->ran; i++)
		failed += requests[i]->own.result < 0;
	count(l, b->ran - failed, failed, NULL);
	lane_put_back(l, requests + b->ran, n - b->ran);
	if (o->committed && b->event_count)
		o->committed(o->committed_arg, l->number, b->events, b->event_count);
	for (size_t i = 0; i < b->hook_count; i++)
		b->hooks[i].fn(b->hooks[i].arg);
	for (size_t i = 0, ran = b->ran; i < ran; i++)
		reply(requests[i], requests[i]->own.result);
}

/* Connects again, waiting longer each time. False when patience ends or the lane is closing. */
static bool reconnect(struct writer_lane *l, int patience_ms)
{
	int64_t until = monotonic_ns() + (int64_t)patience_ms * 1000000;
	for (int wait = FIRST_BACKOFF_MS; db_reopen(l->db) < 0;) {
		if (lane_is_closing(l) || monotonic_ns() > until) {
			l->down = true;
			return false;
		}
		lane_pause(l, wait);
		wait = wait * 2 < LONGEST_BACKOFF_MS ? wait * 2 : LONGEST_BACKOFF_MS;
	}
	return true;
}

/* Reads this writer's mark behind the lane's lock. 1: the batch was committed; 0: it was not; negative: nobody could say. */
static int was_committed(struct writer_lane *l)
{
	struct batch *b = &l->batch;
	struct error error = { 0 };
	struct ctx c = { .arena = b->arena, .db = l->db, .error = &error, .log = b->log };
	struct lane_writer_batch_row mark;
	TRY(db_begin_write(l->db, l->number));
	int r = lane_writer_batch(&c, l->number, l->writer->id, &mark);
	db_rollback(l->db);
	if (r == ERR_NOT_FOUND)
		return 0;
	return r < 0 ? r : mark.batch == b->number;
}

static void decide(struct writer_lane *l, struct write_request **requests, size_t n, int blames)
{
	int64_t until = monotonic_ns() + (int64_t)PATIENCE_UNKNOWN_MS * 1000000;
	count(l, 0, 0, &l->stats.unknown);
	while (monotonic_ns() < until && reconnect(l, PATIENCE_UNKNOWN_MS)) {
		int committed = was_committed(l);
		if (committed > 0)
			acknowledge(l, requests, n);
		else if (committed == 0)
			settle(l, requests, n, blames);
		if (committed >= 0)
			return;
		if (lane_is_closing(l))
			break;
		lane_pause(l, FIRST_BACKOFF_MS);
	}
	lane_fail(l, requests, n, ERR_OUTCOME);
}

static void halve(struct writer_lane *l, struct write_request **requests, size_t n)
{
	if (n == 1) {
		int result = requests[0]->own.result;
		lane_fail(l, requests, 1, l->batch.full ? ERR_DATABASE_FULL : result < 0 ? result : l->batch.code);
		return;
	}
	settle(l, requests, n / 2, 0);
	settle(l, requests + n / 2, n - n / 2, 0);
}

static void blame(struct writer_lane *l, struct write_request **requests, size_t n, int blames)
{
	size_t at = l->batch.culprit;
	if (n == 1 || blames >= MOST_BLAMES) {
		halve(l, requests, n);
		return;
	}
	struct write_request *culprit = requests[at];
	for (size_t i = at; i + 1 < n; i++)
		requests[i] = requests[i + 1];
	requests[n - 1] = culprit;
	settle(l, requests, n - 1, blames + 1);
	settle(l, requests + n - 1, 1, 0);
}

static void after_loss(struct writer_lane *l, struct write_request **requests, size_t n, int blames)
{
	count(l, 0, 0, &l->stats.lost);
	if (!reconnect(l, PATIENCE_MS)) {
		lane_fail(l, requests, n, ERR_DATABASE);
		return;
	}
	bool too_often = false;
	for (size_t i = 0; i < n; i++)
		too_often |= ++requests[i]->own.losses > MOST_LOSSES;
	if (!too_often)
		settle(l, requests, n, blames);
	else if (n == 1)
		lane_fail(l, requests, n, ERR_DATABASE);
	else
		halve(l, requests, n);
}

static void die(struct writer_lane *l, struct write_request **requests, size_t n, int code)
{
	const struct writer_options *o = &l->writer->options;
	l->writer->dead = true;
	log_write(o->log, LOG_ERROR, "the database cannot be written any more", "cause", db_message(l->db), NULL);
	if (o->fatal)
		o->fatal(o->fatal_arg);
	lane_fail(l, requests, n, code);
}

static void settle(struct writer_lane *l, struct write_request **requests, size_t n, int blames)
{
	struct batch *b = &l->batch;
	if (l->writer->dead || l->down) {
		lane_fail(l, requests, n, ERR_DATABASE);
		return;
	}
	enum outcome outcome = batch_attempt(b, requests, n);
	switch (outcome) {
	case OUTCOME_STORED:
		acknowledge(l, requests, n);
		return;
	case OUTCOME_LOST:
		after_loss(l, requests, n, blames);
		return;
	case OUTCOME_UNKNOWN:
		decide(l, requests, n, blames);
		return;
	case OUTCOME_FATAL:
	case OUTCOME_FATAL_UNKNOWN:
		die(l, requests, n, outcome == OUTCOME_FATAL ? ERR_DATABASE : ERR_OUTCOME);
		return;
	case OUTCOME_CULPRIT:
	case OUTCOME_NOTHING:
		break;
	}
	count(l, 0, 0, outcome == OUTCOME_CULPRIT ? &l->stats.reruns : &l->stats.commit_failures);
	if (b->full && reserve_free(&l->writer->reserve)) {
		log_write(b->log, LOG_ERROR, "the disk is full; the reserve has been given back", NULL);
		settle(l, requests, n, blames);
	} else if (b->full || outcome == OUTCOME_NOTHING) {
		halve(l, requests, n);
	} else {
		blame(l, requests, n, blames);
	}
}

void lane_settle(struct writer_lane *l, struct write_request **requests, size_t n)
{
	settle(l, requests, n, 0);
}
