/* Conditions as text, tree and JSON: what is read, what is refused and where. */
#include "base/test.h"

#include "engine/expr/expr_fixture_test.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void a_condition_has_one_canonical_text(void **state)
{
	static const struct { const char *text, *canonical; } cases[] = {
		{ "grade=urgent", "grade = urgent" },
		{ " ( ( grade = \"urgent\" ) ) ", "grade = urgent" },
		{ "state = on_hold or state = \"on-hold\"", NULL },
		{ "state in (\"on-hold\",new)", "state in (\"on-hold\", new)" },
		{ "grade = urgent and vip = true or reminders > 2", "(grade = urgent and vip = true) or reminders > 2" },
		{ "grade = urgent and (vip = true or reminders > 2)", "grade = urgent and (vip = true or reminders > 2)" },
		{ "(grade = urgent and vip = true) and reminders > 2", "(grade = urgent and vip = true) and reminders > 2" },
		{ "not grade = urgent and vip = true", "not (grade = urgent) and vip = true" },
		{ "not not vip = true", "not (not (vip = true))" },
		{ "title not contains \"漏水\"", "title not contains \"漏水\"" },
		{ "title = leak", "title = \"leak\"" },
		{ "title starts \"a\\\"b\\\\c\\nd\"", "title starts \"a\\\"b\\\\c\\nd\"" },
		{ "device.product.code in (\"fridge\")", "device.product.code in (\"fridge\")" },
		{ "device_id is  not   none", "device_id is not none" },
		{ "owner_id = me or owner_id is none", "owner_id = me or owner_id is none" },
		{ "age(created_at) > 2h", "age(created_at) > 2h" },
		{ "until( due_at )<=30min", "until(due_at) <= 30min" },
		{ "created_at in this_week", "created_at in (this_week)" },
		{ "created_at >= today-7d", "created_at >= today - 7d" },
		{ "created_at < now + 2h", "created_at < now + 2h" },
		{ "solved_at > due_at - 1d", "solved_at > due_at - 1d" },
		{ "created_at < 2026-11-22T06:32Z", "created_at < 2026-11-22T06:32:00.000Z" },
		{ "preferred_day = 2026-11-22", "preferred_day = 2026-11-22" },
		{ "reminders != -007", "reminders != -7" },
		{ "rating >= 4.50", "rating >= 4.50" },
		{ "tags has any (leak, \"a b\") and tags has none (x)", "tags has any (\"leak\", \"a b\") and tags has none (\"x\")" },
		{ "true", "true" }, { "false or true", "false or true" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct expr e, again;
		struct expr_faults f;
		if (!cases[i].canonical) {
			assert_int_equal(read_condition(a, cases[i].text, &e, &f), ERR_FIELD_CHOICE);
			continue;
		}
		if (read_condition(a, cases[i].text, &e, &f) < 0)
			fail_msg("%s: %s at %u", cases[i].text, error_name(f.list[0].code), f.list[0].at);
		assert_string_equal(expr_print(a, &e), cases[i].canonical);
		assert_int_equal(read_condition(a, cases[i].canonical, &again, &f), 0);
		assert_true(expr_equal(&e, &again));
	}
}

static void what_cannot_be_read_is_refused_where_it_stands(void **state)
{
	static const struct { const char *text; int code; unsigned at; } cases[] = {
		{ "", ERR_EXPR_CUT, 0 }, { "   ", ERR_EXPR_CUT, 3 }, { "grade =", ERR_EXPR_CUT, 7 }, { "(grade = urgent", ERR_EXPR_CUT, 15 },
		{ "grade = urgent)", ERR_EXPR_SYNTAX, 14 }, { "grade urgent", ERR_EXPR_SYNTAX, 6 }, { "grade = urgent vip = true", ERR_EXPR_SYNTAX, 15 },
		{ "and vip = true", ERR_EXPR_SYNTAX, 0 }, { "grade = urgent and", ERR_EXPR_CUT, 18 }, { "grade in ()", ERR_EXPR_SYNTAX, 10 },
		{ "grade in (urgent", ERR_EXPR_CUT, 16 }, { "grade in urgent, normal", ERR_EXPR_SYNTAX, 15 }, { "grade is urgent", ERR_EXPR_SYNTAX, 9 },
		{ "grade not = urgent", ERR_EXPR_SYNTAX, 6 }, { "tags has (a)", ERR_EXPR_SYNTAX, 5 }, { "title = \"leak", ERR_EXPR_QUOTE, 8 },
		{ "title = \"a\\x\"", ERR_EXPR_QUOTE, 8 }, { "title = 'leak'", ERR_EXPR_SYNTAX, 8 }, { "grade = urgent; drop", ERR_EXPR_SYNTAX, 14 },
		{ "reminders > 99999999999999999999", ERR_EXPR_NUMBER, 12 }, { "age(created_at) > 2hours", ERR_EXPR_NUMBER, 18 },
		{ "age(created_at) > 9999999d", ERR_EXPR_NUMBER, 18 }, { "preferred_day = 2026-02-30", ERR_EXPR_NUMBER, 16 },
		{ "created_at > 2026-11-22T25:00Z", ERR_EXPR_NUMBER, 13 }, { "rating > 1.2345678901", ERR_EXPR_NUMBER, 9 },
		{ "colour = red", ERR_EXPR_FIELD, 0 }, { "device.colour = \"red\"", ERR_EXPR_FIELD, 0 }, { "device_id.serial = \"x\"", ERR_EXPR_FIELD, 0 },
		{ "owner.name = \"x\"", ERR_EXPR_FIELD, 0 }, { "vip = true and device.product.owner.x.y = 1", ERR_EXPR_FIELD, 15 },
		{ "title < \"b\"", ERR_EXPR_OPERATOR, 0 }, { "grade > urgent", ERR_EXPR_OPERATOR, 0 }, { "vip in (true)", ERR_EXPR_OPERATOR, 0 },
		{ "age(grade) > 2h", ERR_EXPR_OPERATOR, 0 }, { "age(created_at) = 2h", ERR_EXPR_OPERATOR, 0 }, { "title has any (a)", ERR_EXPR_OPERATOR, 0 },
		{ "grade = red", ERR_FIELD_CHOICE, 8 }, { "grade in (urgent, now)", ERR_EXPR_VALUE, 18 }, { "reminders = 1.5", ERR_EXPR_VALUE, 12 },
		{ "reminders = \"2\"", ERR_EXPR_VALUE, 12 }, { "title = 2", ERR_EXPR_VALUE, 8 }, { "title = \" \"", ERR_EXPR_VALUE, 8 }, { "vip = 1", ERR_EXPR_VALUE, 6 },
		{ "created_at = 5", ERR_EXPR_VALUE, 13 }, { "created_at < reminders", ERR_EXPR_VALUE, 13 }, { "preferred_day < now", ERR_EXPR_VALUE, 16 },
		{ "preferred_day < today - 2h", ERR_EXPR_VALUE, 16 }, { "created_at < this_week - 7d", ERR_EXPR_SYNTAX, 25 },
		{ "solved_at > due_at + 1mo", ERR_EXPR_VALUE, 12 }, { "owner_id = -1", ERR_EXPR_VALUE, 11 }, { "owner_id = today", ERR_EXPR_VALUE, 11 },
		{ "device_id = owner_id", ERR_EXPR_VALUE, 12 }, { "created_at in (solved_at)", ERR_EXPR_VALUE, 15 }, { "vip = yes", ERR_EXPR_FIELD, 6 },
		{ "age(preferred_day) > 2h", ERR_EXPR_VALUE, 21 }, { "age(created_at) > now", ERR_EXPR_VALUE, 18 }, { "grade = \xff", ERR_EXPR_SYNTAX, 8 },
		{ "title = \"\xc3(\"", ERR_EXPR_QUOTE, 8 }, { "title = \"\x01\"", ERR_EXPR_QUOTE, 8 },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct expr e;
		struct expr_faults f;
		int r = read_condition(a, cases[i].text, &e, &f);
		if (r != cases[i].code || f.list[0].code != r || f.list[0].at != cases[i].at)
			fail_msg("%s: %s at %u", cases[i].text, r ? error_name(r) : "read", r ? f.list[0].at : 0);
		assert_non_null(error_text(r, LANG_ZH, f.list[0].arg, a));
	}
}

static void every_atom_at_fault_is_named(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct expr e;
	struct expr_faults f;
	assert_int_equal(read_condition(a, "colour = red and vip = true and (grade = red or not title < 3)", &e, &f), ERR_EXPR_FIELD);
	assert_int_equal(f.n, 3);
	assert_int_equal(f.list[1].code, ERR_FIELD_CHOICE);
	assert_string_equal(f.list[1].arg, "normal, urgent, critical");
	assert_int_equal(f.list[2].code, ERR_EXPR_OPERATOR);
	assert_int_equal(f.list[2].at, 52);
}

static const char *repeated(struct arena *a, const char *head, const char *part, size_t n, const char *tail)
{
	struct text t = text_in(a);
	text_append(&t, head);
	for (size_t i = 0; i < n; i++)
		text_append(&t, part);
	text_append(&t, tail);
	return text_end(&t);
}

static void too_much_of_anything_is_refused(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct { const char *text; int code; } cases[] = {
		{ repeated(a, "", "vip = true and ", 198, "vip = true"), 0 },
		{ repeated(a, "", "vip = true and ", 200, "vip = true"), ERR_EXPR_LIMIT },
		{ repeated(a, "reminders in (", "1,", 49, "1)"), 0 },
		{ repeated(a, "reminders in (", "1,", 50, "1)"), ERR_EXPR_LIMIT },
		{ repeated(a, "", "not ", 12, "vip = true"), 0 },
		{ repeated(a, "", "not ", 13, "vip = true"), ERR_EXPR_LIMIT },
		{ repeated(a, "", "(", 5000, "vip = true"), ERR_EXPR_LIMIT },
		{ repeated(a, "title = \"", "漏", 200, "\""), 0 },
		{ repeated(a, "title = \"", "漏", 201, "\""), ERR_EXPR_QUOTE },
		{ repeated(a, "vip = true", " ", 8000, ""), ERR_EXPR_LIMIT },
		{ repeated(a, "", "n", 200, " = 1"), ERR_EXPR_FIELD },
		{ repeated(a, "", "n", 201, " = 1"), ERR_EXPR_LIMIT },
		{ repeated(a, "", "reminders in (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1) or ", 17, "vip = true"), ERR_EXPR_LIMIT },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct expr e;
		struct expr_faults f;
		int r = read_condition(a, cases[i].text, &e, &f);
		if (r != cases[i].code)
			fail_msg("case %zu: %s", i, r ? error_name(r) : "read");
	}
}

static void two_ways_to_a_record_are_two_rows(void **state)
{
	static const struct expr_field fields[] = {
		{ .name = "device_id", .type = EXPR_ID, .to = &a_device_record }, { .name = "spare_id", .type = EXPR_ID, .to = &a_device_record },
	};
	static const struct expr_record record = { "ticket", fields, 2 };
	static const char text[] = "device.product.code = \"a\" and spare.product.code = \"b\" and device.serial = \"c\" and device.product.code = \"d\"";
	ARENA_SCOPED a = arena_new();
	struct expr e;
	struct expr_faults f;
	assert_int_equal(expr_parse(a, text, sizeof(text) - 1, &e, &f), 0);
	assert_int_equal(expr_check(a, &e, &record, &f), 0);
	assert_int_equal(e.row_count, 5);       /* the ticket, device, its product, spare, its product */
	assert_ptr_equal(e.rows[3].field, &fields[1]);
	assert_int_equal(e.rows[4].from, 3);
	assert_int_equal(e.root->items[0]->place.row, e.root->items[3]->place.row);
}

/* ---- JSON ---- */

static void a_tree_in_json_is_the_tree_of_the_text(void **state)
{
	static const struct { const char *json, *text; } cases[] = {
		{ "{\"op\":\"and\",\"items\":[{\"op\":\"=\",\"field\":\"grade\",\"values\":[{\"value\":\"urgent\"}]},"
		  "{\"op\":\">\",\"function\":\"age\",\"field\":\"created_at\",\"values\":[{\"value\":\"2h\"}]}]}", "grade = urgent and age(created_at) > 2h" },
		{ "{\"op\":\"not\",\"items\":[{\"op\":\"has any\",\"field\":\"tags\",\"values\":[{\"text\":\"a b\"},{\"text\":\"now\"}]}]}",
		  "not (tags has any (\"a b\", \"now\"))" },
		{ "{\"op\":\"<\",\"field\":\"created_at\",\"values\":[{\"value\":\"today\",\"shift\":-7,\"unit\":\"d\"}]}", "created_at < today - 7d" },
		{ "{\"op\":\"is none\",\"field\":\"device.serial\"}", "device.serial is none" },
		{ "{\"op\":\"or\",\"items\":[{\"op\":\"true\"}]}", "true" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = { 0 };
		struct expr from_json, again;
		struct text t = text_in(a);
		if (expr_json_read(a, cases[i].json, strlen(cases[i].json), &from_json, &error) < 0)
			fail_msg("%s: %s", cases[i].json, error.fields ? error.fields->field : error_name(error.code));
		assert_string_equal(expr_print(a, &from_json), cases[i].text);
		expr_json_write(&t, &from_json);
		assert_int_equal(expr_json_read(a, t.p, t.n, &again, &error), 0);
		assert_true(expr_equal(&from_json, &again));
	}
}

static void a_tree_in_json_that_no_text_could_say_is_refused(void **state)
{
	static const struct { const char *json, *field; int code; } cases[] = {
		{ "{\"op\":\"and\",\"items\":[]}", "items", ERR_FIELD_REQUIRED },
		{ "{\"op\":\"maybe\",\"items\":[]}", "op", ERR_EXPR_SYNTAX },
		{ "{\"op\":\"=\",\"field\":\"a or b\",\"values\":[{\"value\":\"1\"}]}", "field", ERR_EXPR_SYNTAX },
		{ "{\"op\":\"=\",\"field\":\"a\",\"values\":[]}", "values", ERR_FIELD_REQUIRED },
		{ "{\"op\":\"=\",\"field\":\"a\",\"values\":[{\"value\":\"1 or 1\"}]}", "values[0].value", ERR_EXPR_SYNTAX },
		{ "{\"op\":\"=\",\"field\":\"a\",\"values\":[{\"value\":\"1\",\"text\":\"1\"}]}", "values[0].value", ERR_FIELD_REQUIRED },
		{ "{\"op\":\"and\",\"items\":[{\"op\":\"true\"},{\"op\":\"=\",\"field\":\"a\",\"values\":[{\"value\":\"1\",\"shift\":1,\"unit\":\"d\"}]}]}",
		  "items[1].values[0].shift", ERR_EXPR_NUMBER },
		{ "{\"op\":\"not\",\"items\":[{\"op\":\"true\"},{\"op\":\"true\"}]}", "items", ERR_FIELD_REQUIRED },
		{ "{\"op\":\"true\",\"colour\":1}", "colour", ERR_FIELD_UNKNOWN },
		{ "{\"op\":\"=\",\"field\":\"a\",\"values\":[{\"text\":\"\\u0000\"}]}", "values[0].text", ERR_ENCODING },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = { 0 };
		struct expr e;
		if (expr_json_read(a, cases[i].json, strlen(cases[i].json), &e, &error) == 0)
			fail_msg("%s was read", cases[i].json);
		assert_string_equal(error.fields->field, cases[i].field);
		assert_int_equal(error.fields->code, cases[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_has_one_canonical_text), cmocka_unit_test(what_cannot_be_read_is_refused_where_it_stands),
		cmocka_unit_test(every_atom_at_fault_is_named), cmocka_unit_test(two_ways_to_a_record_are_two_rows), cmocka_unit_test(too_much_of_anything_is_refused),
		cmocka_unit_test(a_tree_in_json_is_the_tree_of_the_text), cmocka_unit_test(a_tree_in_json_that_no_text_could_say_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
