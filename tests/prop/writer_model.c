/* The requests, the run and the comparison. */
#include "writer_model.h"

#include <inttypes.h>
#include <pthread.h>
#include <time.h>

#include "gen/schema.h"

enum { WINDOW = 300, LANE_STEP = 100000000 };   /* a position as one number: lane × step + pos */

enum act { ACT_PLAIN, ACT_DOUBLE, ACT_REFUSE, ACT_KILL };

/* What is known of one request; kept for all of them. */
struct record_of {
	enum act act;
	int64_t tenant;
	const struct killer *killer;
	bool early;                     /* the act comes before the request's own writes */
	int events;
	int outcome;
	_Atomic int dones, hooks, told;
	_Atomic int stored_rows, stored_events;
};

struct run_of_plan;

/* A request in flight */
struct slot {
	struct run_of_plan *run;
	int64_t id;
	struct arena *arena;
	struct error error;
	struct write_request request;
	struct slot *next;
};

struct run_of_plan {
	const struct plan *plan;
	struct fresh *fresh;
	struct clock clock;
	struct log log;
	struct writer *writers[MOST_WRITERS];
	struct record_of *records;      /* by id, from 1 */
	struct slot slots[WINDOW];
	struct slot *free;
	pthread_mutex_t mutex;
	pthread_cond_t freed;
	_Atomic bool numbers_jumped;
	size_t kills;
};

uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

uint64_t seed_of_run(void)
{
	const char *given = getenv("ANXIN_TEST_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	print_message("seed %" PRIu64 "\n", seed);
	return seed;
}

/* In the writer ---------------------------------------------------------------------------------------------------- */

static void count_hook(void *arg)
{
	++*(_Atomic int *)arg;
}

static int count_up(struct ctx *c)
{
	struct number_counter row;
	int r = number_counter_row_get(c, "n", &row);
	if (r == ERR_NOT_FOUND)
		return number_counter_row_insert(c, &(struct number_counter){ .series = "n", .last = 1 });
	TRY(r);
	row.last++;
	return number_counter_row_update(c, &row);
}

static int write_own(struct ctx *c, struct record_of *r, int64_t id)
{
	static const char filler[] = "冰箱不制冷，冷藏室温度一直在十二度左右，已经断电重启过两次。";
	const char *name = arena_format(c->arena, "k%" PRId64, id);
	int64_t number;
	TRY(series_next(c, "s", &number));
	const char *value = arena_format(c->arena, "%09" PRId64 "%s", number, id % 3 ? filler : "");
	TRY(setting_row_insert(c, &(struct setting){ .name = name, .value = value }));
	TRY(count_up(c));
	for (int i = 0; i < r->events; i++)
		TRY(event_add(c, "test.done", "request", id, arena_format(c->arena, "{\"i\":%d}", i)));
	after_commit(c, count_hook, &r->hooks);
	return 0;
}

static int act(struct ctx *c, struct record_of *r, int64_t id)
{
	switch (r->act) {
	case ACT_DOUBLE:
		return setting_row_insert(c, &(struct setting){ .name = "taken", .value = "" });
	case ACT_REFUSE:
		return fail(c, ERR_STATE, NULL);
	case ACT_KILL:
		return r->killer->run(c, id);
	default:
		return 0;
	}
}

static int handle(struct ctx *c, void *arg)
{
	struct slot *s = arg;
	struct record_of *r = &s->run->records[s->id];
	if (r->early)
		TRY(act(c, r, s->id));
	TRY(write_own(c, r, s->id));
	return r->early ? 0 : act(c, r, s->id);
}

static void note_done(struct ctx *c, void *arg, int result)
{
	struct slot *s = arg;
	struct run_of_plan *run = s->run;
	struct record_of *r = &run->records[s->id];
	r->outcome = result;
	r->dones++;
	pthread_mutex_lock(&run->mutex);
	s->next = run->free;
	run->free = s;
	pthread_cond_signal(&run->freed);
	pthread_mutex_unlock(&run->mutex);
}

static void note_committed(void *arg, int lane, const struct event *events, size_t n)
{
	struct run_of_plan *run = arg;
	for (size_t i = 0; i < n; i++) {
		run->records[events[i].object_id].told++;
		if (i && events[i].pos != events[i - 1].pos + 1)
			run->numbers_jumped = true;
	}
}

/* The run ---------------------------------------------------------------------------------------------------------- */

static void decide_request(struct run_of_plan *run, struct record_of *r, uint64_t *random)
{
	const struct plan *plan = run->plan;
	uint64_t dice = random_next(random) % 1000;
	size_t killers = 0;
	while (plan->killers && plan->killers[killers])
		killers++;
	r->tenant = 1 + (int64_t)(random_next(random) % TENANTS);
	r->events = 1 + (int)(random_next(random) % 3);
	r->early = random_next(random) % 2;
	r->outcome = 1;
	if (dice < (uint64_t)plan->kill_permille && killers) {
		r->act = ACT_KILL;
		r->killer = plan->killers[run->kills++ % killers];      /* in turn: even a short run has each kind */
	} else if (dice < (uint64_t)plan->kill_permille + 20) {
		r->act = ACT_DOUBLE;
	} else if (dice < (uint64_t)plan->kill_permille + 50) {
		r->act = ACT_REFUSE;
	}
}

static struct slot *wait_for_slot(struct run_of_plan *run)
{
	pthread_mutex_lock(&run->mutex);
	while (!run->free)
		pthread_cond_wait(&run->freed, &run->mutex);
	struct slot *s = run->free;
	run->free = s->next;
	pthread_mutex_unlock(&run->mutex);
	return s;
}

static void submit(struct run_of_plan *run, int64_t id, uint64_t *random)
{
	struct slot *s = wait_for_slot(run);
	struct writer *writer = run->writers[random_next(random) % run->plan->writers];
	arena_reset(s->arena);
	s->id = id;
	s->request = (struct write_request){
		.run = handle, .done = note_done, .arg = s, .queue = random_next(random) % 4 ? QUEUE_PEOPLE : QUEUE_JOBS,
		.ctx = { .arena = s->arena, .error = &s->error, .log = &run->log, .tenant = run->records[id].tenant, .now = clock_now(&run->clock),
		         .request_id = "prop" },
	};
	int r = writer_submit(writer, &s->request);
	if (r < 0)
		note_done(&s->request.ctx, s, r);       /* refused before it was queued: nothing may be stored of it */
}

static int take_name(struct ctx *c, void *arg)
{
	return setting_row_insert(c, &(struct setting){ .name = "taken", .value = "" });
}

static void open_writers(struct run_of_plan *run)
{
	const struct plan *plan = run->plan;
	struct writer_options options = {
		.url = plan->url ? plan->url : run->fresh->url, .log = &run->log, .clock = &run->clock, .committed = note_committed,
		.committed_arg = run, .reserve_path = plan->reserve_path, .fatal = plan->fatal, .fatal_arg = plan->fatal_arg,
	};
	for (size_t i = 0; i < plan->writers; i++)
		assert_int_equal(writer_open(&options, &run->writers[i]), 0);
	ARENA_SCOPED a = arena_new();
	for (int64_t tenant = 1; tenant <= TENANTS; tenant++) {
		struct error error = { 0 };
		struct write_request first = { .run = take_name, .ctx = { .arena = a, .error = &error, .log = &run->log, .tenant = tenant } };
		while (writer_run(run->writers[0], &first) == ERR_OUTCOME)
			;
	}
}

static void add_stats(struct writer_stats *sum, const struct writer *w)
{
	struct writer_stats s;
	writer_stats(w, &s);
	sum->requests += s.requests;
	sum->batches += s.batches;
	sum->reruns += s.reruns;
	sum->commit_failures += s.commit_failures;
	sum->lost += s.lost;
	sum->unknown += s.unknown;
	sum->events += s.events;
	if (s.longest_handler_ns > sum->longest_handler_ns)
		sum->longest_handler_ns = s.longest_handler_ns;
}

static void run_requests(struct run_of_plan *run, uint64_t *random, struct outcome_counts *counts)
{
	int64_t start = monotonic_ns();
	for (size_t i = 0; i < WINDOW; i++) {
		run->slots[i] = (struct slot){ .run = run, .arena = arena_new(), .next = run->free };
		run->free = &run->slots[i];
	}
	for (size_t id = 1; id <= run->plan->requests; id++) {
		decide_request(run, &run->records[id], random);
		submit(run, (int64_t)id, random);
	}
	struct slot *taken[WINDOW];
	for (size_t i = 0; i < WINDOW; i++)
		taken[i] = wait_for_slot(run);          /* all have come back: every request is done */
	counts->seconds = (double)(monotonic_ns() - start) / 1e9;
	for (size_t i = 0; i < run->plan->writers; i++) {
		add_stats(&counts->stats, run->writers[i]);
		writer_close(run->writers[i]);
	}
	for (size_t i = 0; i < WINDOW; i++)
		arena_free(taken[i]->arena);
}

/* The comparison --------------------------------------------------------------------------------------------------- */

struct row {
	const char *name;
	int64_t a, b, c;
};
static const struct member row_members[] = {
	MEMBER(struct row, name, text), MEMBER(struct row, a, i64), MEMBER(struct row, b, i64), MEMBER(struct row, c, i64),
};
static const struct shape row_shape = SHAPE("row", struct row, row_members);

static struct row *read_rows(struct db_conn *db, struct arena *a, const char *sql, int64_t tenant, size_t *n)
{
	void *rows;
	const char *text = arena_format(a, "%s %" PRId64 " %s", sql, tenant, strstr(sql, "FROM event") ? "ORDER BY no" : "");
	assert_int_equal(db_list(db, a, text, NULL, 0, &row_shape, &rows, n), 0);
	return rows;
}

static void check_events(struct run_of_plan *run, struct db_conn *db, struct arena *a, int64_t tenant, uint8_t *positions, size_t most)
{
	size_t n;
	struct row *rows = read_rows(db, a, "SELECT data, no, lane * 100000000 + pos, object_id FROM event WHERE tenant =", tenant, &n);
	int64_t last = 0;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].a != (int64_t)i + 1)
			fail_msg("company %" PRId64 ": event %zu has no %" PRId64, tenant, i + 1, rows[i].a);
		if (rows[i].b <= last)
			fail_msg("company %" PRId64 ": positions do not grow with the numbers", tenant);
		last = rows[i].b;
		size_t at = (size_t)(rows[i].b / LANE_STEP) * most + (size_t)(rows[i].b % LANE_STEP);
		if (positions[at]++)
			fail_msg("position %" PRId64 " was given twice", rows[i].b);
		run->records[rows[i].c].stored_events++;
	}
}

/* The numbers that stored requests drew are 1 to their count, each once. */
static void check_series(const struct row *rows, size_t n, struct arena *a, int64_t tenant)
{
	bool *drawn = ARENA_ARRAY(a, bool, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].a < 1 || rows[i].a > (int64_t)n || drawn[rows[i].a])
			fail_msg("company %" PRId64 ": number %" PRId64 " of %zu has a double or lies beyond a gap", tenant, rows[i].a, n);
		drawn[rows[i].a] = true;
	}
}

static void check_company(struct run_of_plan *run, struct db_conn *db, struct arena *a, int64_t tenant, uint8_t *positions, size_t most)
{
	size_t n, counted;
	assert_int_equal(db_begin_read(db, tenant), 0);
	struct row *rows = read_rows(db, a, "SELECT name, CAST(substr(value, 1, 9) AS bigint), 0, 0 FROM setting WHERE name <> 'taken' AND tenant =", tenant, &n);
	check_series(rows, n, a, tenant);
	for (size_t i = 0; i < n; i++)
		run->records[strtoll(rows[i].name + 1, NULL, 10)].stored_rows++;
	struct row *count = read_rows(db, a, "SELECT series, last, 0, 0 FROM number_counter WHERE series = 'n' AND tenant =", tenant, &counted);
	assert_int_equal(counted ? count->a : 0, n);            /* read, add one, write: lost or doubled updates show here */
	check_events(run, db, a, tenant, positions, most);
	assert_int_equal(db_end_read(db), 0);
}

/* Whether record and database agree about one request. */
static void check_record(const struct run_of_plan *run, size_t id, struct outcome_counts *counts)
{
	const struct record_of *r = &run->records[id];
	bool stored = r->stored_rows > 0;
	if (r->dones != 1)
		fail_msg("request %zu: done %d times", id, r->dones);
	if (r->outcome == ERR_OUTCOME) {
		counts->unknown++;
		if (r->stored_events != (stored ? r->events : 0))
			fail_msg("request %zu of unknown outcome is half there", id);
		return;
	}
	bool acknowledged = r->outcome >= 0;
	int expected = acknowledged ? r->events : 0;
	counts->acknowledged += acknowledged;
	counts->refused += !acknowledged;
	counts->blameless_refused += !acknowledged && r->act == ACT_PLAIN;
	if (r->stored_rows != (acknowledged ? 1 : 0) || r->stored_events != expected)
		fail_msg("request %zu: outcome %d but %d rows and %d of %d events stored", id, r->outcome, r->stored_rows, r->stored_events, expected);
	if (r->hooks != (acknowledged ? 1 : 0) || r->told != expected)
		fail_msg("request %zu: outcome %d, hooks %d, told of %d events, expected %d", id, r->outcome, r->hooks, r->told, expected);
	if (acknowledged && (r->act == ACT_DOUBLE || r->act == ACT_REFUSE))
		fail_msg("request %zu was acknowledged though it had to be refused", id);
}

/* Every lane's positions run from 1 to its last without a gap. */
static void check_positions(const uint8_t *positions, size_t most)
{
	for (size_t lane = 0; lane < LANES_POSTGRESQL; lane++) {
		size_t last = 0;
		for (size_t pos = 1; pos < most; pos++)
			if (positions[lane * most + pos])
				last = pos;
		for (size_t pos = 1; pos <= last; pos++)
			if (!positions[lane * most + pos])
				fail_msg("lane %zu: position %zu is missing of %zu", lane, pos, last);
	}
}

static void compare(struct run_of_plan *run, struct outcome_counts *counts)
{
	ARENA_SCOPED a = arena_new();
	struct db_conn *db;
	size_t most = run->plan->requests * 3 + 2;
	uint8_t *positions = ARENA_ARRAY(a, uint8_t, most * LANES_POSTGRESQL);
	assert_true(most < LANE_STEP);
	assert_int_equal(db_open(run->fresh->url, DB_READER, &run->log, &db), 0);
	for (int64_t tenant = 1; tenant <= TENANTS; tenant++)
		check_company(run, db, a, tenant, positions, most);
	db_close(db);
	check_positions(positions, most);
	assert_false(run->numbers_jumped);
	for (size_t id = 1; id <= run->plan->requests; id++)
		check_record(run, id, counts);
}

struct outcome_counts check_writer(struct fresh *fresh, const struct plan *plan)
{
	ARENA_SCOPED a = arena_new();
	struct run_of_plan *run = ARENA_NEW(a, struct run_of_plan);
	struct outcome_counts counts = { 0 };
	uint64_t random = plan->seed;
	run->plan = plan;
	run->fresh = fresh;
	run->records = ARENA_ARRAY(a, struct record_of, plan->requests + 1);
	clock_manual(&run->clock, INT64_C(1795329120000));
	log_init(&run->log, -1, LOG_ERROR, &run->clock);        /* injected failures are no news */
	pthread_mutex_init(&run->mutex, NULL);
	pthread_cond_init(&run->freed, NULL);
	open_writers(run);
	run_requests(run, &random, &counts);
	compare(run, &counts);
	pthread_cond_destroy(&run->freed);
	pthread_mutex_destroy(&run->mutex);
	print_message("%zu requests in %.1f s: %zu acknowledged = stored, %zu refused (%zu blameless), %zu unknown; %" PRIu64 " batches, %" PRIu64
	              " re-runs, %" PRIu64 " failed commits, %" PRIu64 " connections lost, %" PRIu64 " commits looked up\n",
	              plan->requests, counts.seconds, counts.acknowledged, counts.refused, counts.blameless_refused, counts.unknown,
	              counts.stats.batches, counts.stats.reruns, counts.stats.commit_failures, counts.stats.lost, counts.stats.unknown);
	return counts;
}
