/* What a shelf holds and lets go: whole bytes as text, read by a kind that takes few. */
#include <string.h>

#include "base/test.h"
#include "core/understand/understand_shelf.h"

static int read_text(struct arena *a, const char *product, struct bytes b, void **out)
{
	*out = arena_string_n(a, (const char *)b.p, b.n);
	return strncmp(*out, product, strlen(product)) != 0 ? ERR_STATE : 0;
}

static const struct shelf_kind two = { .ending = "text", .most = 2, .read = read_text };

static int keep(struct shelf *s, int64_t tenant, const char *product, const char *text)
{
	return shelf_keep(s, tenant, product, (struct bytes){ (const uint8_t *)text, strlen(text) });
}

static void the_least_lately_used_goes_first(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct shelf *s = shelf_new(a, NULL, &two);
	assert_int_equal(keep(s, 1, "", "one"), 0);
	assert_int_equal(keep(s, 2, "", "two"), 0);
	assert_non_null(shelf_find(s, a, 1, ""));
	const char *held = shelf_find(s, a, 2, "");
	assert_non_null(shelf_find(s, a, 1, ""));
	assert_int_equal(keep(s, 3, "", "three"), 0);
	assert_null(shelf_find(s, a, 2, ""));
	assert_string_equal(shelf_find(s, a, 1, ""), "one");
	assert_string_equal(shelf_find(s, a, 3, ""), "three");
	assert_string_equal(held, "two");       /* whoever has it goes on with it */
}

static void what_is_too_much_together_goes(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct shelf_kind few = two;
	few.most_bytes = 20000;         /* an arena takes 16 KB at least */
	struct shelf *s = shelf_new(a, NULL, &few);
	assert_int_equal(keep(s, 1, "", "one"), 0);
	assert_int_equal(keep(s, 1, "fridge", "fridge"), 0);
	assert_null(shelf_find(s, a, 1, ""));
	assert_int_equal(keep(s, 1, "fridge", "fridge, newer"), 0);
	assert_string_equal(shelf_find(s, a, 1, "fridge"), "fridge, newer");
}

static void what_its_kind_cannot_read_is_refused_and_changes_nothing(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct shelf *s = shelf_new(a, NULL, &two);
	assert_int_equal(keep(s, 1, "fridge", "fridge"), 0);
	assert_int_equal(keep(s, 1, "fridge", "air"), ERR_STATE);
	assert_int_equal(keep(s, 1, "fridge", ""), ERR_STATE);
	assert_string_equal(shelf_find(s, a, 1, "fridge"), "fridge");
	assert_int_equal(shelf_file(s, a, 1, "fridge").n, 0);
}

static void all_of_one_company_goes_and_nothing_of_another(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct shelf_kind many = two;
	many.most = 4;
	struct shelf *s = shelf_new(a, NULL, &many);
	assert_int_equal(keep(s, 1, "", "one"), 0);
	assert_int_equal(keep(s, 2, "", "two"), 0);
	assert_int_equal(keep(s, 1, "fridge", "fridge"), 0);
	const char *held = shelf_find(s, a, 1, "");
	shelf_drop(s, 1);
	assert_null(shelf_find(s, a, 1, ""));
	assert_null(shelf_find(s, a, 1, "fridge"));
	assert_string_equal(shelf_find(s, a, 2, ""), "two");
	assert_string_equal(held, "one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_lately_used_goes_first),
		cmocka_unit_test(what_is_too_much_together_goes),
		cmocka_unit_test(all_of_one_company_goes_and_nothing_of_another),
		cmocka_unit_test(what_its_kind_cannot_read_is_refused_and_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
