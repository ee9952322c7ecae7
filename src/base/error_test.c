/* Errors keep their public names and say, in both languages, what to mend. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

static void every_code_has_a_status_a_unique_name_and_two_texts(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (int i = 0; i < ERROR_COUNT; i++) {
		int code = -1 - i;
		assert_in_range(error_status(code), 400, 599);
		assert_int_equal(error_named(error_name(code)), code);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(error_name(code), error_name(-1 - k));
		for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
			const char *text = error_text(code, lang, "7", a);
			assert_true(strlen(text) > 3);
			assert_null(strchr(text, '%'));
		}
	}
}

static void a_number_that_is_no_code_is_an_internal_error(void **state)
{
	const int cases[] = { 0, 1, -1 - ERROR_COUNT, INT32_MIN + 1, INT32_MAX };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(error_status(cases[i]), 500);
		assert_string_equal(error_name(cases[i]), "internal");
	assert_int_equal(error_named("no such code"), 0);
	}
}

static void the_argument_fills_the_hole_and_is_never_a_format(void **state)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(error_text(ERR_FIELD_TOO_LONG, LANG_ZH, "20", a), "太长，最多 20 个字");
	assert_string_equal(error_text(ERR_FIELD_TAKEN, LANG_EN, "%n%s%d", a), "Already in use: %n%s%d");
	assert_string_equal(error_text(ERR_FIELD_TAKEN, LANG_EN, NULL, a), "Already in use: ");
	assert_string_equal(error_text(ERR_NOT_FOUND, LANG_EN, "unused", a), "Not found, or not yours to see");
}

static void field_errors_keep_their_order_and_make_the_whole_invalid(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct error e;
	error_clear(&e);
	assert_int_equal(error_field(&e, a, "phone", ERR_FIELD_PHONE, NULL), ERR_FIELD_PHONE);
	error_field(&e, a, "name", ERR_FIELD_REQUIRED, NULL);
	assert_int_equal(e.code, ERR_INVALID);
	assert_int_equal(e.field_count, 2);
	assert_string_equal(e.fields->field, "phone");
	assert_string_equal(e.fields->next->field, "name");
	assert_null(e.fields->next->next);
}

static void what_is_taken_back_leaves_the_earlier_notes_alone(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 }, before = e;
	assert_int_equal(error_set(&e, a, ERR_NOT_FOUND, NULL), ERR_NOT_FOUND);
	error_take_back(&e, &before);
	assert_int_equal(e.code, 0);
	error_field(&e, a, "phone", ERR_FIELD_PHONE, NULL);
	before = e;
	error_field(&e, a, "name", ERR_FIELD_REQUIRED, NULL);
	error_take_back(&e, &before);
	error_field(&e, a, "place", ERR_FIELD_REQUIRED, NULL);
	assert_int_equal(e.code, ERR_INVALID);
	assert_int_equal(e.field_count, 2);
	assert_string_equal(e.fields->field, "phone");
	assert_string_equal(e.fields->next->field, "place");
	assert_null(e.fields->next->next);
}

static void a_flood_of_faults_is_capped(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct error e;
	error_clear(&e);
	for (int i = 0; i < 100000; i++)
		error_field(&e, a, "f", ERR_FIELD_UNKNOWN, NULL);
	assert_int_equal(e.field_count, 50);
	assert_true(arena_size(a) < 64 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_status_a_unique_name_and_two_texts),
		cmocka_unit_test(a_number_that_is_no_code_is_an_internal_error),
		cmocka_unit_test(the_argument_fills_the_hole_and_is_never_a_format),
		cmocka_unit_test(field_errors_keep_their_order_and_make_the_whole_invalid),
		cmocka_unit_test(what_is_taken_back_leaves_the_earlier_notes_alone),
		cmocka_unit_test(a_flood_of_faults_is_capped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
