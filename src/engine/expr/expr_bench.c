/* Rows as a queue holds them; processor time, so that others on the machine do not count. */
#include "engine/expr/expr_bench.h"

#include <stdlib.h>
#include <time.h>

#include "engine/expr/expr_fixture_test.h"

enum { ROWS = 4096, ROUNDS = 500, BINDS = 200000, READS = 20000 };

static const char condition[] =
	"grade in (urgent, critical) and state != closed and age(created_at) > 2h and owner_id is not none and title contains \"漏水\"";
#define NOW (INT64_C(1795849200000))

static double seconds_since(clock_t from)
{
	return (double)(clock() - from) / CLOCKS_PER_SEC;
}

/* A generator of its own: the same rows every time. */
static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void make_rows(struct a_ticket *rows, bool whole)
{
	static const char *const grades[] = { "normal", "urgent", "critical" }, *const states[] = { "new", "on-hold", "closed" };
	static const char *const titles[] = {
		"冰箱门关不严，地上有水", "Washer E4 LEAKS when spinning", "空调漏水，墙纸都湿了", "热水器点不着火",
	};
	uint64_t seed = 1;
	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct a_ticket){
			.id = (int64_t)i + 1, .grade = grades[whole ? 1 : next(&seed) % 3], .state = states[whole ? 0 : next(&seed) % 3],
			.created_at = NOW - (whole ? 3 : (int64_t)(next(&seed) % 6)) * HOUR_MS - 1, .owner_id = whole ? 7 : (int64_t)(next(&seed) % 4),
			.title = titles[whole ? 2 : next(&seed) % 4],
		};
}

static __attribute__((noinline)) bool by_hand(const struct a_ticket *t, time_ms now)
{
	return (!strcmp(t->grade, "urgent") || !strcmp(t->grade, "critical")) && strcmp(t->state, "closed") != 0 &&
	       t->created_at < now - 2 * HOUR_MS && t->owner_id != 0 && strstr(t->title, "漏水");
}

static size_t measure(const struct a_ticket *rows, const struct expr_bound *b, double *per_second, double *floor)
{
	size_t hits = 0, by_hand_hits = 0;
	clock_t from = clock();
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < ROWS; i++)
			hits += expr_holds(b, (const void *[]){ &rows[i] }, NULL);
	*per_second = (double)ROWS * ROUNDS / seconds_since(from);
	from = clock();
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < ROWS; i++)
			by_hand_hits += by_hand(&rows[i], NOW);
	*floor = (double)ROWS * ROUNDS / seconds_since(from);
	if (hits != by_hand_hits)
		abort();
	return hits;
}

static struct expr_program *read_program(struct arena *a)
{
	struct expr e;
	struct expr_faults f;
	if (read_condition(a, condition, &e, &f) < 0)
		abort();
	return expr_compile(a, &e);
}

void expr_bench_run(struct expr_bench *b)
{
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED scratch = arena_new();
	struct a_ticket *rows = ARENA_ARRAY(a, struct a_ticket, ROWS);
	struct zone zone;
	if (zone_load(a, "Asia/Shanghai", &zone) < 0)
		abort();
	struct expr_env env = { NOW, &zone, 7, 0, 0 };
	const struct expr_program *p = read_program(a);
	const struct expr_bound *bound = expr_bind(a, p, &env);
	make_rows(rows, false);
	measure(rows, bound, &b->mixed_per_second, &b->mixed_floor);
	make_rows(rows, true);
	if (measure(rows, bound, &b->whole_per_second, &b->whole_floor) != (size_t)ROWS * ROUNDS)
		abort();
	clock_t from = clock();
	for (int i = 0; i < BINDS; i++, env.now++) {
		expr_bind(scratch, p, &env);
		arena_reset(scratch);
	}
	b->bind_ns = seconds_since(from) / BINDS * 1e9;
	from = clock();
	for (int i = 0; i < READS; i++) {
		read_program(scratch);
		arena_reset(scratch);
	}
	b->read_us = seconds_since(from) / READS * 1e6;
}
