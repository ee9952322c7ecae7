/* Followers: every event takes effect exactly once and in order, whatever fails in between. */
#include "base/test.h"

#include "db/follower.h"
#include "db/fresh.h"
#include "gen/schema.h"

enum { COMPANIES = 4, EVENTS = 1500, PATIENCE_MS = 60 * 1000 };

struct scene {
	struct fresh fresh;
	struct clock clock;
	struct log log;
	struct writer *writer;
	struct followers *_Atomic followers;
	_Atomic int fail_next, steps, out_of_order;
};

/* Steps find the scene where core's services would be. */
static struct scene *scene_of(struct ctx *c)
{
	return (struct scene *)(void *)c->services;
}

static int count_in(struct ctx *c, const char *series, int64_t by)
{
	struct number_counter row;
	int r = number_counter_row_get(c, series, &row);
	if (r == ERR_NOT_FOUND)
		return number_counter_row_insert(c, &(struct number_counter){ .series = series, .last = by });
	TRY(r);
	row.last += by;
	return number_counter_row_update(c, &row);
}

/* The effect: how many events, and the number of the last one. */
static int count_events(struct ctx *c, const struct event *events, size_t n)
{
	struct scene *s = scene_of(c);
	struct number_counter last = { .last = 0 };
	s->steps++;
	int r = number_counter_row_get(c, "last", &last);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	for (size_t i = 0; i < n; i++)
		if (events[i].tenant != c->tenant || events[i].no != last.last + 1 + (int64_t)i)
			s->out_of_order++;
	TRY(count_in(c, "last", (int64_t)n));
	TRY(count_in(c, "seen", (int64_t)n));
	if (s->fail_next > 0 && s->fail_next-- > 0)
		return fail(c, ERR_STATE, NULL);        /* after its effect: which must vanish */
	return 0;
}

static int forget_counts(struct ctx *c)
{
	int r = number_counter_row_remove(c, "last");
	if (r == 0)
		r = number_counter_row_remove(c, "seen");
	return r == ERR_NOT_FOUND ? 0 : r;
}

static const struct follower counter = { "counter", count_events };

static void wake_followers(void *arg, int lane, const struct event *events, size_t n)
{
	struct scene *s = arg;
	struct followers *f = s->followers;
	if (f)
		followers_wake(f, lane, events[n - 1].pos);
}

static void start_followers(struct scene *s)
{
	static const struct follower *const all[] = { &counter };
	struct followers_options options = { .writer = s->writer, .log = &s->log, .clock = &s->clock, .services = (struct services *)(void *)s,
	                                     .all = all, .count = 1 };
	struct followers *f;
	assert_int_equal(followers_open(&options, &f), 0);
	s->followers = f;
}

static void stop_followers(struct scene *s)
{
	struct followers *f = s->followers;
	s->followers = NULL;
	followers_close(f);
}

static int open_scene(void **state, enum db_engine engine)
{
	struct scene *s = calloc(1, sizeof(*s));
	TRY(fresh_make(&s->fresh, engine));
	clock_system(&s->clock);
	log_init(&s->log, -1, LOG_ERROR, &s->clock);
	struct writer_options options = { .url = s->fresh.url, .log = &s->log, .clock = &s->clock, .committed = wake_followers, .committed_arg = s };
	TRY(writer_open(&options, &s->writer));
	*state = s;
	return 0;
}

static int on_sqlite(void **state)
{
	return open_scene(state, DB_SQLITE);
}

static int on_postgresql(void **state)
{
	return open_scene(state, DB_POSTGRESQL);
}

static int close_scene(void **state)
{
	struct scene *s = *state;
	writer_close(s->writer);
	int r = fresh_drop(&s->fresh);
	free(s);
	return r;
}

static int add_event(struct ctx *c, void *arg)
{
	return event_add(c, "test.happened", "thing", 1, NULL);
}

static void submit_done(struct ctx *c, void *arg, int result)
{
	assert_true(result >= 0);
	arena_free(c->arena);
}

/* Adds n events over all companies; returns when the last is stored. */
static void add_events(struct scene *s, int n)
{
	struct write_request *requests = calloc((size_t)n, sizeof(*requests));
	struct error error = { 0 };
	for (int i = 0; i < n; i++) {
		requests[i] = (struct write_request){ .run = add_event, .done = submit_done,
		                                      .ctx = { .arena = arena_new(), .error = &error, .tenant = 1 + i % COMPANIES, .log = &s->log } };
		assert_int_equal(writer_submit(s->writer, &requests[i]), 0);
	}
	for (int64_t tenant = 1; tenant <= COMPANIES; tenant++) {
		ARENA_SCOPED a = arena_new();
		struct write_request last = { .run = add_event, .ctx = { .arena = a, .error = &error, .tenant = tenant, .log = &s->log } };
		assert_int_equal(writer_run(s->writer, &last), 0);
	}
	free(requests);
}

static int64_t read_count(struct scene *s, int64_t tenant, const char *series)
{
	ARENA_SCOPED a = arena_new();
	struct db_conn *db;
	struct number_counter row = { .last = 0 };
	assert_int_equal(db_open(s->fresh.url, DB_READER, &s->log, &db), 0);
	struct ctx c = { .arena = a, .db = db, .tenant = tenant };
	assert_int_equal(db_begin_read(db, tenant), 0);
	int r = number_counter_row_get(&c, series, &row);
	assert_true(r == 0 || r == ERR_NOT_FOUND);
	assert_int_equal(db_end_read(db), 0);
	db_close(db);
	return row.last;
}

static void assert_all_seen_once(struct scene *s, int64_t each)
{
	for (int64_t tenant = 1; tenant <= COMPANIES; tenant++)
		assert_int_equal(read_count(s, tenant, "seen"), each);
	assert_int_equal(s->out_of_order, 0);
}

static const int64_t each = EVENTS / COMPANIES + 1;

static void every_event_takes_effect_once_while_it_happens(void **state)
{
	struct scene *s = *state;
	start_followers(s);
	add_events(s, EVENTS);
	assert_int_equal(followers_drain(s->followers, PATIENCE_MS), 0);
	assert_all_seen_once(s, each);
	stop_followers(s);
}

static void a_follower_goes_on_where_it_stopped(void **state)
{
	struct scene *s = *state;
	add_events(s, EVENTS);                  /* before it was there */
	start_followers(s);
	add_events(s, EVENTS);
	stop_followers(s);                      /* somewhere in the middle */
	add_events(s, EVENTS);
	start_followers(s);
	assert_int_equal(followers_drain(s->followers, PATIENCE_MS), 0);
	assert_all_seen_once(s, 3 * each);
	stop_followers(s);
}

static void a_failing_step_leaves_nothing_and_is_tried_again(void **state)
{
	struct scene *s = *state;
	struct follower_state seen;
	s->fail_next = 3;
	start_followers(s);
	add_events(s, EVENTS);
	assert_int_equal(followers_drain(s->followers, PATIENCE_MS), 0);
	assert_true(followers_state(s->followers, 0, &seen));
	assert_int_equal(seen.failures, 3);
	assert_int_equal(seen.lag, 0);
	assert_false(followers_state(s->followers, 1, &seen));
	assert_all_seen_once(s, each);
	stop_followers(s);
}

static int add_tenant(struct ctx *c, void *arg)
{
	return tenant_row_insert(c, &(struct tenant){ .code = arg, .name = arg, .zone_minutes = 480, .pack = "appliance", .demo = 0,
	                                              .service_phone = "", .key = 1, .created_at = 1 });
}

static void a_rebuild_sees_everything_again(void **state)
{
	struct scene *s = *state;
	static const char *const codes[] = { "a", "b", "c", "d" };
	for (int64_t tenant = 1; tenant <= COMPANIES; tenant++) {
		ARENA_SCOPED a = arena_new();
		struct error error = { 0 };
		struct write_request request = { .run = add_tenant, .arg = (void *)(uintptr_t)codes[tenant - 1],
		                                 .ctx = { .arena = a, .error = &error, .tenant = tenant, .log = &s->log } };
		assert_int_equal(writer_run(s->writer, &request), 0);
	}
	start_followers(s);
	add_events(s, EVENTS);
	assert_int_equal(followers_drain(s->followers, PATIENCE_MS), 0);
	int before = s->steps;
	assert_int_equal(followers_rebuild(s->followers, "counter", forget_counts), 0);
	assert_int_equal(followers_drain(s->followers, PATIENCE_MS), 0);
	assert_true(s->steps > before);
	assert_all_seen_once(s, each);
	stop_followers(s);
}

#define BOTH(test)                                                                                 \
	{ #test " (SQLite)", test, on_sqlite, close_scene, NULL },                                 \
	{ #test " (PostgreSQL)", test, on_postgresql, close_scene, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(every_event_takes_effect_once_while_it_happens),
		BOTH(a_follower_goes_on_where_it_stopped),
		BOTH(a_failing_step_leaves_nothing_and_is_tried_again),
		BOTH(a_rebuild_sees_everything_again),
	};
	if (!fresh_has_postgresql()) {
		print_message("no ANXIN_TEST_PG: PostgreSQL is not tested here\n");
		cmocka_set_skip_filter("*(PostgreSQL)");
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
