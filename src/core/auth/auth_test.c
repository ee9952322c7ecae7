/* Rights as they are stored: whatever way they were written, may() finds exactly the words that stand there. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/auth/rights.h"

static const struct {
	const char *json;
	size_t n;               /* words */
	const char *written;    /* sorted and plain; NULL: refused */
} rights[] = {
	{ "[]", 0, "[]" },
	{ "[\"a\"]", 1, "[\"a\"]" },
	{ "[\"ticket.read\",\"customer.read\"]", 2, "[\"customer.read\",\"ticket.read\"]" },
	{ "[\"b\", \"a\", \"c\"]", 3, "[\"a\",\"b\",\"c\"]" },            /* as PostgreSQL gives it back */
	{ "[ \"b\" , \"a\" ]", 2, "[\"a\",\"b\"]" },
	{ "[\"\\u0061\",\"*\"]", 2, "[\"*\",\"a\"]" },
	{ "[\"a\"", 0, NULL },
	{ "[\"a\",]", 0, NULL },
	{ "[\"a\"\"b\"]", 0, NULL },
	{ "[\"a\" ,, \"b\"]", 0, NULL },
	{ "{\"a\":1}", 0, NULL },
	{ "[1]", 0, NULL },
	{ "\"a\"", 0, NULL },
	{ "[\"a\"]x", 0, NULL },
	{ "", 0, NULL },
};

static void rights_are_read_however_they_were_written(void **state)
{
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		ARENA_SCOPED a = arena_new();
		const char *const *words;
		size_t n = 99;
		int r = permissions_read(a, rights[i].json, &words, &n);
		if ((r == 0) != (rights[i].written != NULL))
			fail_msg("%s: %d", rights[i].json, r);
		if (r < 0)
			continue;
		assert_int_equal(n, rights[i].n);
		assert_string_equal(permissions_write(a, words, n), rights[i].written);
	}
}

static void only_the_words_that_stand_there_are_held(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct auth auth = { 0 };
	struct ctx c = { .auth = &auth, .actor_kind = ACTOR_USER };
	assert_int_equal(permissions_read(a, "[\"ticket.work\",\"customer.read\",\"ticket.read\"]", &auth.permissions, &auth.permission_count), 0);
	assert_true(may(&c, "ticket.read"));
	assert_true(may(&c, "ticket.work"));
	assert_true(may(&c, "customer.read"));
	assert_false(may(&c, "customer"));
	assert_false(may(&c, "ticket.rea"));
	assert_false(may(&c, "*"));
	assert_int_equal(permissions_read(a, "[\"*\"]", &auth.permissions, &auth.permission_count), 0);
	assert_true(may(&c, "anything"));
}

static void a_text_is_cut_up_once_and_never_mixed_up_with_another(void **state)
{
	struct rights *r = rights_new();
	const char *const *first, *const *again;
	size_t n;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 300; i++) {         /* more than it keeps */
			ARENA_SCOPED a = arena_new();
			char word[40];
			snprintf(word, sizeof(word), "[\"ticket.read\",\"r%03d\"]", i);
			assert_int_equal(rights_read(r, a, word, &first, &n), 0);
			assert_int_equal(n, 2);
			assert_memory_equal(first[0], word + 16, 4);
			assert_string_equal(first[1], "ticket.read");
		}
	ARENA_SCOPED a = arena_new();
	assert_int_equal(rights_read(r, a, "[\"ticket.read\",\"r000\"]", &first, &n), 0);
	assert_int_equal(rights_read(r, a, "[\"ticket.read\",\"r000\"]", &again, &n), 0);
	assert_ptr_equal(first, again);
	assert_true(rights_read(r, a, "[1]", &again, &n) < 0);
	assert_true(rights_read(r, a, "[1]", &again, &n) < 0);
	assert_int_equal(rights_read(NULL, a, "[\"a\"]", &again, &n), 0);
	assert_int_equal(n, 1);
	rights_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rights_are_read_however_they_were_written),
		cmocka_unit_test(only_the_words_that_stand_there_are_held),
		cmocka_unit_test(a_text_is_cut_up_once_and_never_mixed_up_with_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
