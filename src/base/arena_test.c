/* The arena gives zeroed, aligned memory and takes it all back at once. */
#include "base/test.h"

#include <string.h>

static void memory_is_zeroed_and_aligned_whatever_was_there_before(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (int round = 0; round < 3; round++) {
		for (size_t n = 0; n < 300; n += 7) {
			uint8_t *p = arena_alloc(a, n);
			assert_int_equal((uintptr_t)p % 16, 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xAA, n);
		}
		arena_reset(a);
	}
}

static void pieces_do_not_overlap_across_chunks(void **state)
{
	ARENA_SCOPED a = arena_new();
	enum { PIECES = 2000, SIZE = 100 };
	uint8_t *pieces[PIECES];
	for (int i = 0; i < PIECES; i++)
		memset(pieces[i] = arena_alloc(a, SIZE), i & 0xFF, SIZE);
	for (int i = 0; i < PIECES; i++)
		for (int k = 0; k < SIZE; k++)
			assert_int_equal(pieces[i][k], i & 0xFF);
}

static void rewinding_gives_back_what_was_taken_since_the_mark(void **state)
{
	ARENA_SCOPED a = arena_new();
	char *kept = arena_string(a, "kept");
	struct arena_mark mark = arena_mark(a);
	size_t before = arena_size(a);
	for (int i = 0; i < 100; i++)
		arena_alloc(a, 50000);
	assert_true(arena_size(a) > before);
	arena_rewind(a, mark);
	assert_int_equal(arena_size(a), before);
	assert_string_equal(kept, "kept");
	assert_ptr_equal(arena_mark(a).chunk, mark.chunk);
	assert_int_equal(arena_mark(a).used, mark.used);
}

static void a_list_grows_and_stays_what_it_was(void **state)
{
	ARENA_SCOPED a = arena_new();
	int *at = NULL;
	size_t room = 0;
	for (int n = 0; n < 1000; n++) {
		const int *before = (size_t)n < room ? at : NULL;
		ARENA_GROW(a, at, (size_t)n, room);
		assert_true((size_t)n < room);
		assert_true(!before || at == before);
		at[n] = n;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(at[i], i);
}

static void count_up(void *arg)
{
	++*(int *)arg;
}

static void what_a_request_holds_is_let_go_when_its_memory_is(void **state)
{
	int first = 0, second = 0;
	struct arena *a = arena_new();
	arena_at_end(a, count_up, &first);
	struct arena_mark mark = arena_mark(a);
	for (int i = 1; i <= 3; i++) {
		arena_at_end(a, count_up, &second);
		arena_alloc(a, 100000);
		arena_rewind(a, mark);
		assert_int_equal(second, i);
	}
	assert_int_equal(first, 0);
	arena_at_end(a, count_up, &second);
	arena_reset(a);
	assert_int_equal(first, 1);
	assert_int_equal(second, 4);
	arena_at_end(a, count_up, &first);
	arena_free(a);
	assert_int_equal(first, 2);
}

static void a_piece_larger_than_any_chunk_is_given(void **state)
{
	ARENA_SCOPED a = arena_new();
	size_t n = 5 * 1024 * 1024;
	uint8_t *p = arena_alloc(a, n);
	p[0] = p[n - 1] = 1;
	assert_true(arena_size(a) >= n);
	arena_reset(a);
	assert_true(arena_size(a) < 64 * 1024);
}

static void texts_and_bytes_are_copied(void **state)
{
	ARENA_SCOPED a = arena_new();
	char source[] = "工单 SR1";
	char *copy = arena_string(a, source);
	source[0] = 'x';
	assert_string_equal(copy, "工单 SR1");
	assert_null(arena_string(a, NULL));
	assert_string_equal(arena_string_n(a, "abcdef", 3), "abc");
	assert_string_equal(arena_format(a, "%s-%d", "SR", 12), "SR-12");
	struct bytes null = arena_bytes(a, (struct bytes){ 0 });
	assert_null(null.p);
	struct bytes empty = arena_bytes(a, (struct bytes){ .p = (const uint8_t *)"", .n = 0 });
	assert_non_null(empty.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned_whatever_was_there_before),
		cmocka_unit_test(pieces_do_not_overlap_across_chunks),
		cmocka_unit_test(rewinding_gives_back_what_was_taken_since_the_mark),
		cmocka_unit_test(a_list_grows_and_stays_what_it_was),
		cmocka_unit_test(what_a_request_holds_is_let_go_when_its_memory_is),
		cmocka_unit_test(a_piece_larger_than_any_chunk_is_given),
		cmocka_unit_test(texts_and_bytes_are_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
