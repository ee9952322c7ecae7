/* The pool: every task once, also when it closes; nothing piled up. */
#include "base/test.h"

#include <semaphore.h>

#include "base/pool.h"

enum { TASKS = 500 };

struct scene {
	_Atomic int runs;
	sem_t gate;
};

struct unit {
	struct scene *scene;
	_Atomic int runs;
};

static void count_run(void *arg)
{
	struct unit *u = arg;
	u->runs++;
	u->scene->runs++;
}

static void wait_at_gate(void *arg)
{
	struct unit *u = arg;
	sem_wait(&u->scene->gate);
	count_run(arg);
}

static void every_task_runs_once_even_when_the_pool_closes(void **state)
{
	static struct unit units[TASKS];
	struct scene scene = { 0 };
	struct pool *p;
	assert_int_equal(pool_open(3, TASKS, &p), 0);
	for (int i = 0; i < TASKS; i++) {
		units[i] = (struct unit){ .scene = &scene };
		assert_int_equal(pool_submit(p, count_run, &units[i]), 0);
	}
	pool_close(p);
	for (int i = 0; i < TASKS; i++)
		assert_int_equal(units[i].runs, 1);
}

static void a_full_pool_refuses_at_once(void **state)
{
	static struct unit units[5];
	struct scene scene = { 0 };
	struct pool *p;
	int refused = 0;
	sem_init(&scene.gate, 0, 0);
	assert_int_equal(pool_open(1, 2, &p), 0);
	for (int i = 0; i < 5; i++) {
		units[i] = (struct unit){ .scene = &scene };
		refused += pool_submit(p, wait_at_gate, &units[i]) == ERR_BUSY;
	}
	assert_in_range(refused, 2, 3);         /* one may already have been taken out of the queue */
	assert_in_range(pool_queued(p), 1, 2);
	for (int i = 0; i < 5; i++)
		sem_post(&scene.gate);
	pool_close(p);
	assert_int_equal(scene.runs, 5 - refused);
	sem_destroy(&scene.gate);
}

static void closing_nothing_is_harmless(void **state)
{
	pool_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_runs_once_even_when_the_pool_closes),
		cmocka_unit_test(a_full_pool_refuses_at_once),
		cmocka_unit_test(closing_nothing_is_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
