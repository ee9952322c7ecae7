/* An order against a list in memory: one move writes one row, others move only where there is no room, and no move is lost. */
#include "core/record/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"

enum { MOST = 100000, ROOM = 1024 };

/* The rows as a table would hold them; `order` is what a reader would see. */
static struct {
	struct placed rows[MOST];
	size_t n, written, read;
} the;

static int compare(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int next(struct ctx *c, const struct place_order *o, const struct placed *behind, struct placed *rows, size_t *n)
{
	size_t low = 0, high = the.n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare(&the.rows[middle], behind) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	*n = the.n - low < PLACE_AHEAD ? the.n - low : PLACE_AHEAD;
	memcpy(rows, the.rows + low, *n * sizeof(*rows));
	the.read += *n;
	return 0;
}

static int put(struct ctx *c, const struct place_order *o, int64_t id, place_number at)
{
	for (size_t i = 0; i < the.n; i++)
		if (the.rows[i].id == id)
			the.rows[i].at = at;
	the.written++;
	qsort(the.rows, the.n, sizeof(*the.rows), compare);
	return 0;
}

static const struct place_order order = { .room = ROOM, .next = next, .put = put };

static void fill(size_t n, place_number first, place_number apart)
{
	the.n = n;
	for (size_t i = 0; i < n; i++)
		the.rows[i] = (struct placed){ (int64_t)i + 1, first + i * apart };
}

static size_t at(int64_t id)
{
	size_t i = 0;
	while (the.rows[i].id != id)
		i++;
	return i;
}

/* How many rows it wrote. */
static size_t move(int64_t id, int64_t after)
{
	struct arena *a = arena_new();
	struct error e = { 0 };
	struct ctx c = { .arena = a, .error = &e };
	struct placed behind = after ? the.rows[at(after)] : (struct placed){ 0 };
	size_t moved;
	the.written = the.read = 0;
	assert_int_equal(place_behind(&c, &order, id, &behind, &moved), 0);
	assert_int_equal(moved, the.written);
	arena_free(a);
	return moved;
}

static void a_move_in_a_long_order_reads_and_writes_next_to_nothing(void **state)
{
	fill(MOST, 1000000, 100000);
	assert_int_equal(move(90000, 10), 1);
	assert_int_equal(at(90000), 10);
	assert_true(the.read <= PLACE_AHEAD);
	assert_int_equal(move(50000, 0), 1);
	assert_int_equal(at(50000), 0);
	assert_int_equal(move(7, MOST), 1);
	assert_int_equal(at(7), MOST - 1);
}

static void what_stands_there_is_not_written(void **state)
{
	fill(5, 1000, 1000);
	assert_int_equal(move(1, 0), 0);
	assert_int_equal(move(3, 2), 0);
	assert_int_equal(move(5, 4), 0);
	assert_int_equal(move(4, 4), 0);
}

static void rows_at_one_place_make_room(void **state)
{
	fill(500, 7, 0);
	size_t moved = move(400, 100);
	assert_int_equal(moved, 400);                   /* itself and those behind, once each */
	assert_int_equal(at(400), 100);
	for (size_t i = 100; i + 1 < the.n; i++)
		assert_true(the.rows[i].at < the.rows[i + 1].at);
	assert_int_equal(move(300, 100), 1);            /* now there is room */
}

static void the_same_gap_is_used_for_ever(void **state)
{
	size_t written = 0;
	fill(300, 1000000, 4000);
	for (int64_t id = 20; id <= 300; id++)
		written += move(id, 5);
	assert_int_equal(at(300), 5);
	for (int64_t id = 20; id < 300; id++)
		assert_int_equal(at(id), at(id + 1) + 1);
	assert_true(written < 280 * 40);
}

static void whatever_is_moved_stands_where_it_was_put(void **state)
{
	int64_t wanted[40];
	srand(7);
	fill(40, 0, 3);                                 /* as good as no room */
	for (size_t i = 0; i < 40; i++)
		wanted[i] = the.rows[i].id;
	for (int round = 0; round < 3000; round++) {
		size_t from = (size_t)rand() % 40, to = (size_t)rand() % 40;
		int64_t id = wanted[from];
		memmove(wanted + from, wanted + from + 1, (39 - from) * sizeof(*wanted));
		memmove(wanted + to + 1, wanted + to, (39 - to) * sizeof(*wanted));
		wanted[to] = id;
		move(id, to ? wanted[to - 1] : 0);
		for (size_t i = 0; i < 40; i++)
			assert_int_equal(the.rows[i].id, wanted[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_move_in_a_long_order_reads_and_writes_next_to_nothing),
		cmocka_unit_test(what_stands_there_is_not_written),
		cmocka_unit_test(rows_at_one_place_make_room),
		cmocka_unit_test(the_same_gap_is_used_for_ever),
		cmocka_unit_test(whatever_is_moved_stands_where_it_was_put),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
