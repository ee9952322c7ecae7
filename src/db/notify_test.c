/* The notifier between two nodes of one PostgreSQL. */
#include "base/test.h"

#include <sched.h>

#include "db/engine.h"
#include "db/fresh.h"
#include "db/notify.h"

struct node {
	struct notifier *notifier;
	_Atomic uint64_t lanes;
	_Atomic int all, signals;
	char signal[SIGNAL_MOST + 1];
};

struct scene {
	struct fresh fresh;
	struct clock clock;
	struct log log;
	struct node nodes[2];
};

static void note_news(void *arg, uint64_t lanes)
{
	struct node *node = arg;
	if (lanes == UINT64_MAX)
		node->all++;
	else
		node->lanes |= lanes;
}

static void note_signal(void *arg, const char *text)
{
	struct node *node = arg;
	snprintf(node->signal, sizeof(node->signal), "%s", text);
	node->signals++;
}

static int open_scene(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	TRY(fresh_make(&s->fresh, DB_POSTGRESQL));
	clock_system(&s->clock);
	log_init(&s->log, -1, LOG_ERROR, &s->clock);
	for (int i = 0; i < 2; i++) {
		struct notifier_options options = { .url = s->fresh.url, .log = &s->log, .news = note_news, .signal = note_signal, .arg = &s->nodes[i],
		                                    .silent_ms = 200 };
		TRY(notifier_open(&options, &s->nodes[i].notifier));
		while (!s->nodes[i].all)        /* it listens */
			sched_yield();
	}
	*state = s;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *s = *state;
	for (int i = 0; i < 2; i++)
		notifier_close(s->nodes[i].notifier);
	int r = fresh_drop(&s->fresh);
	free(s);
	return r;
}

static void news_reaches_the_other_node_only(void **state)
{
	struct scene *s = *state;
	notifier_event(s->nodes[0].notifier, 3);
	notifier_event(s->nodes[0].notifier, 15);
	while (s->nodes[1].lanes != (1 << 3 | 1 << 15))
		sched_yield();
	assert_int_equal(s->nodes[0].lanes, 0);
}

static void many_events_become_few_notices(void **state)
{
	struct scene *s = *state;
	struct notifier_stats stats;
	int64_t start = monotonic_ns();
	for (int i = 0; i < 100000; i++)
		notifier_event(s->nodes[0].notifier, i % 16);
	while (s->nodes[1].lanes != 0xFFFF)
		sched_yield();
	do      /* what was sent is heard by the other node before it is counted here */
		notifier_stats(s->nodes[0].notifier, &stats);
	while (stats.sent == 0);
	assert_in_range(stats.sent, 1, 2 + (uint64_t)((monotonic_ns() - start) / 10000000));
}

static void signals_arrive_whole_and_in_order(void **state)
{
	struct scene *s = *state;
	static char longest[SIGNAL_MOST + 2];
	memset(longest, 'x', SIGNAL_MOST + 1);
	assert_int_equal(notifier_signal(s->nodes[1].notifier, longest), ERR_TOO_LARGE);
	longest[SIGNAL_MOST] = 0;
	assert_int_equal(notifier_signal(s->nodes[1].notifier, "{\"who\":\"林'晓\"}"), 0);
	assert_int_equal(notifier_signal(s->nodes[1].notifier, longest), 0);
	while (s->nodes[0].signals < 2)
		sched_yield();
	assert_string_equal(s->nodes[0].signal, longest);
	assert_int_equal(s->nodes[1].signals, 0);
}

static void a_flood_of_signals_is_refused(void **state)
{
	struct scene *s = *state;
	int refused = 0;
	for (int i = 0; i < 5000; i++)
		refused += notifier_signal(s->nodes[0].notifier, "typing") == ERR_BUSY;
	assert_true(refused > 0);
}

enum { LANE = 3 };

static struct db_conn *writer_in(struct scene *s)
{
	struct db_conn *db;
	assert_int_equal(db_open(s->fresh.url, DB_WRITER, &s->log, &db), 0);
	assert_int_equal(db_script(db, "SET lock_timeout = '20s'"), 0);
	return db;
}

/* `middle`: statements are on their way, as when a process stops while it works; else it stops between two. */
static void check_hang(struct scene *s, bool middle)
{
	struct db_conn *hung = writer_in(s), *other = writer_in(s);
	assert_int_equal(db_begin_write(hung, LANE), 0);
	assert_int_equal(db_savepoint(hung), 0);
	if (middle)
		assert_int_equal(db_release_later(hung), 0);
	else
		assert_int_equal(db_release(hung), 0);
	assert_int_equal(db_begin_write(other, LANE), 0);       /* waits until the other's session is ended */
	db_rollback(other);
	assert_true(db_commit(hung) < 0);
	assert_int_equal(db_failure(hung), FAILURE_LOST);
	db_close(hung);
	db_close(other);
}

static void a_writer_that_hangs_loses_its_lane_to_who_waits(void **state)
{
	check_hang(*state, false);
	check_hang(*state, true);
}

static void a_lost_connection_is_made_again_and_all_lanes_announced(void **state)
{
	struct scene *s = *state;
	int all = s->nodes[1].all;
	assert_int_equal(fresh_script(s->fresh.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	                                            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"), 0);
	struct notifier_stats stats = { 0 };
	while (stats.reconnects < 2)
		notifier_stats(s->nodes[1].notifier, &stats);
	while (s->nodes[1].all <= all)
		sched_yield();
	while (!s->nodes[1].lanes) {            /* node 0 may still be connecting */
		notifier_event(s->nodes[0].notifier, 1);
		sched_yield();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(news_reaches_the_other_node_only, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(many_events_become_few_notices, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(signals_arrive_whole_and_in_order, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_flood_of_signals_is_refused, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_writer_that_hangs_loses_its_lane_to_who_waits, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_lost_connection_is_made_again_and_all_lanes_announced, open_scene, close_scene),
	};
	if (fresh_has_postgresql())
		return cmocka_run_group_tests(tests, NULL, NULL);
	print_message("no ANXIN_TEST_PG: nothing to test here\n");
	return 77;      /* skipped */
}
