/* Ids never repeat and never shrink, whatever the clock does and however many threads ask. */
#include "base/test.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/id.h"

enum { THREADS = 4, EACH = 50000 };

static const time_ms now = INT64_C(1795329120000);

static void ids_grow_even_when_the_clock_steps_back(void **state)
{
	struct id_maker m;
	id_maker_init(&m, 5);
	int64_t last = 0;
	for (int i = 0; i < 20000; i++) {
		time_ms at = now + (i % 7 == 0 ? -DAY_MS : i);
		int64_t id = id_next(&m, at);
		assert_true(id > last);
		last = id;
	}
}

static void two_processes_never_share_an_id(void **state)
{
	struct id_maker a, b;
	id_maker_init(&a, 1);
	id_maker_init(&b, 2);
	for (int i = 0; i < 1000; i++) {
		int64_t x = id_next(&a, now), y = id_next(&b, now);
		assert_int_equal(x >> 12 & 1023, 1);
		assert_int_equal(y >> 12 & 1023, 2);
	}
}

static void ids_are_positive_even_before_the_epoch(void **state)
{
	struct id_maker m;
	id_maker_init(&m, 1023);
	assert_true(id_next(&m, 0) > 0);
	assert_true(id_next(&m, -DAY_MS) > 0);
	assert_true(id_next(&m, ID_EPOCH_MS + DAY_MS * 365 * 60) > 0);
}

struct share {
	struct id_maker *maker;
	int64_t ids[EACH];
};

static void *take_share(void *p)
{
	struct share *s = p;
	for (int i = 0; i < EACH; i++)
		s->ids[i] = id_next(s->maker, now);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void threads_never_get_the_same_id(void **state)
{
	static struct share shares[THREADS];
	static int64_t all[THREADS * EACH];
	struct id_maker m;
	id_maker_init(&m, 0);
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++) {
		shares[i].maker = &m;
		assert_int_equal(pthread_create(&threads[i], NULL, take_share, &shares[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS * EACH; i++)
		all[i] = shares[i / EACH].ids[i % EACH];
	qsort(all, THREADS * EACH, sizeof(*all), compare);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_true(all[i - 1] < all[i]);
}

static void only_plain_positive_numbers_are_ids(void **state)
{
	static const struct {
		const char *text;
		int64_t id;     /* 0: refused */
	} cases[] = {
		{ "1", 1 }, { "9223372036854775807", INT64_MAX }, { "0042", 42 }, { "9223372036854775808", 0 },
		{ "18446744073709551617", 0 }, { "99999999999999999999999", 0 }, { "0", 0 }, { "", 0 }, { "-1", 0 },
		{ "+1", 0 }, { " 1", 0 }, { "1 ", 0 }, { "1e3", 0 }, { "0x10", 0 }, { "１２", 0 }, { "1;DROP", 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t id = 0;
		int r = id_parse(cases[i].text, &id);
		if (id != cases[i].id || r != (cases[i].id ? 0 : ERR_FIELD_INVALID))
			fail_msg("\"%s\"", cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_grow_even_when_the_clock_steps_back),
		cmocka_unit_test(two_processes_never_share_an_id),
		cmocka_unit_test(ids_are_positive_even_before_the_epoch),
		cmocka_unit_test(threads_never_get_the_same_id),
		cmocka_unit_test(only_plain_positive_numbers_are_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
