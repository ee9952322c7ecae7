/* What conditions mean: what is not there, time in the company's zone, texts, and how they stand in SQL. */
#include "base/test.h"

#include "engine/expr/expr_fixture_test.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Saturday 28 November 2026, 15:00 in Shanghai. */
static time_ms now(void)
{
	return day_join(2026, 11, 28) * DAY_MS + 7 * HOUR_MS;
}

static const struct a_product fridge = { "fridge" };
static const struct a_device device = { .id = 3, .product_id = 1, .serial = "HX-1" };

static struct a_ticket ticket(void)
{
	return (struct a_ticket){
		.id = 1, .device_id = 3, .owner_id = 5, .created_at = now() - 3 * HOUR_MS, .due_at = now() + HOUR_MS, .reminders = NULL_INT,
		.rating = 4.5, .grade = "urgent", .state = NULL, .no = "SR1", .title = "Fridge LEAKS 漏水 zZ", .preferred_day = day_join(2026, 11, 30),
	};
}

static bool holds_at(struct arena *a, const char *text, const struct a_ticket *t, const char *zone_name)
{
	static const char *const tags[] = { "leak", "vip" };
	struct expr e;
	struct expr_faults f;
	struct zone zone;
	assert_int_equal(zone_load(a, zone_name, &zone), 0);
	if (read_condition(a, text, &e, &f) < 0)
		fail_msg("%s: %s at %u", text, error_name(f.list[0].code), f.list[0].at);
	const void *rows[EXPR_MOST_ROWS] = { t };
	for (size_t i = 1; i < e.row_count; i++)
		rows[i] = t->device_id == 0 ? NULL : e.rows[i].from == 0 ? (const void *)&device : &fridge;
	struct expr_set sets[EXPR_MOST_SETS] = { { tags, 2 } };
	struct expr_env env = { now(), &zone, 5, 0, 0 };
	return expr_holds(expr_bind(a, expr_compile(a, &e), &env), rows, sets);
}

/* One sentence a line: what holds of the ticket above, and what does not. */
static void check_all(const char *const *holding, size_t n, const char *const *others, size_t m, const struct a_ticket *t)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < n; i++)
		if (!holds_at(a, holding[i], t, "Asia/Shanghai"))
			fail_msg("does not hold: %s", holding[i]);
	for (size_t i = 0; i < m; i++)
		if (holds_at(a, others[i], t, "Asia/Shanghai"))
			fail_msg("holds: %s", others[i]);
}

static void what_is_not_there_satisfies_no_comparison_and_every_opposite(void **state)
{
	static const char *const holding[] = {
		"state is none", "reminders is none", "solved_at is none", "state != new", "state not in (new, closed)", "reminders != 3", "not (reminders > 3)",
		"not (reminders <= 3)", "not (solved_at < now)", "solved_at != 1970-01-01", "due_at is not none",
	};
	static const char *const others[] = {
		"state = new", "state is not none", "reminders = 0", "reminders < 3", "reminders >= 3", "solved_at < now", "solved_at = 1970-01-01",
		"solved_at < due_at", "due_at > solved_at", "due_at >= solved_at - 1h", "age(solved_at) > 1h",
	};
	struct a_ticket t = ticket();
	check_all(holding, COUNT(holding), others, COUNT(others), &t);
	t.due_at = FAR_FUTURE_MS;
	check_all((const char *const[]){ "due_at is none", "not (due_at > now)" }, 2, (const char *const[]){ "due_at > now", "due_at > created_at" }, 2, &t);
}

static void a_reference_that_leads_nowhere_has_no_fields(void **state)
{
	struct a_ticket t = ticket();
	static const char *const with[] = { "device.product.code = \"fridge\"", "device.serial starts \"HX\"", "device.product.code != \"washer\"" };
	static const char *const without[] = { "device.product.code is none", "device.serial != \"HX-1\"", "not (device.serial = \"HX-1\")" };
	check_all(with, 3, without, 3, &t);
	t.device_id = 0;
	check_all(without, 3, with, 2, &t);
}

static void words_of_time_are_days_of_the_company(void **state)
{
	static const char *const holding[] = {
		"created_at in today", "created_at = today", "created_at <= today", "created_at >= today", "created_at in (yesterday, today)", "created_at > yesterday",
		"created_at in this_week", "created_at in this_month", "created_at in this_year", "created_at < tomorrow", "created_at <= 2026-11-28",
		"created_at = 2026-11-28", "preferred_day in next_week", "preferred_day > this_week", "preferred_day <= today + 2d", "preferred_day = today + 2d",
		"preferred_day < today + 1mo", "age(created_at) > 2h", "age(created_at) <= 3h", "age(created_at) >= 3h", "until(due_at) < 90min", "until(due_at) >= 1h",
		"created_at = now - 3h", "created_at < due_at - 1h",
	};
	static const char *const others[] = {
		"created_at < today", "created_at > today", "created_at in last_week", "created_at in (last_month, last_year)", "created_at > 2026-11-28",
		"created_at < 2026-11-28", "age(created_at) < 3h", "age(created_at) > 3h", "until(due_at) > 60min", "preferred_day in this_week",
	};
	struct a_ticket t = ticket();
	check_all(holding, COUNT(holding), others, COUNT(others), &t);
	ARENA_SCOPED a = arena_new();
	t.created_at = day_join(2026, 11, 28) * DAY_MS - 30 * MINUTE_MS;        /* half past eleven at night in London, morning in Shanghai */
	assert_true(holds_at(a, "created_at in today", &t, "Asia/Shanghai"));
	assert_true(holds_at(a, "created_at in yesterday", &t, "Europe/London"));
}

static void weeks_begin_on_monday_and_a_day_of_instants_has_24_hours(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct a_ticket t = ticket();
	t.preferred_day = day_join(2026, 11, 23);
	assert_true(holds_at(a, "preferred_day in this_week", &t, "Asia/Shanghai"));
	t.preferred_day = day_join(2026, 11, 22);
	assert_true(holds_at(a, "preferred_day in last_week", &t, "Asia/Shanghai"));
	t.created_at = now() - 34 * DAY_MS;             /* summer time ended in between: 34 days of 24 hours, on the wall an hour more */
	assert_true(holds_at(a, "created_at = now - 34d", &t, "Europe/Berlin"));
	assert_false(holds_at(a, "created_at = now - 1mo", &t, "Europe/Berlin"));
	t.created_at = now() - 35 * DAY_MS;
	assert_true(holds_at(a, "created_at = now - 5w", &t, "Europe/Berlin"));
}

static void months_end_with_their_last_day(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct a_ticket t = ticket();
	t.preferred_day = day_join(2025, 2, 28);
	assert_true(holds_at(a, "preferred_day = today - 21mo", &t, "Asia/Shanghai"));
	t.preferred_day = day_join(2024, 2, 29);
	assert_true(holds_at(a, "age(preferred_day) >= 33mo", &t, "Asia/Shanghai") == false);
	assert_true(holds_at(a, "age(preferred_day) > 2y", &t, "Asia/Shanghai"));
}

static void texts_are_compared_without_the_case_of_letters_and_codes_as_they_are(void **state)
{
	static const char *const holding[] = {
		"title contains \"leak\"", "title contains \"水\"", "title starts \"fridge\"", "title = \"FRIDGE leaks 漏水 Zz\"", "no = \"SR1\"", "no contains \"R1\"",
		"title contains \"zz\"", "title not contains \"100%\"", "title not contains \"_eaks\"", "tags has any (leak, x)", "tags has all (leak, vip)", "tags has none (x, y)",
		"vip = false", "rating > 4.4", "rating = 4.5", "rating <= 4.50", "owner_id = me", "owner_id in (1, me)",
	};
	static const char *const others[] = {
		"no = \"sr1\"", "no starts \"sr\"", "title starts \"leaks\"", "title contains \"Ｌ\"", "tags has all (leak, x)", "tags has any (x)", "rating < 4.5",
		"grade in (normal, critical)", "vip = true", "owner_id != me", "false", "not true",
	};
	struct a_ticket t = ticket();
	check_all(holding, COUNT(holding), others, COUNT(others), &t);
}

static void one_program_serves_any_instant(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct expr e;
	struct expr_faults f;
	struct zone zone;
	struct a_ticket t = ticket();
	const void *rows[] = { &t };
	assert_int_equal(zone_load(a, "UTC", &zone), 0);
	assert_int_equal(read_condition(a, "age(created_at) > 4h and owner_id = me", &e, &f), 0);
	const struct expr_program *p = expr_compile(a, &e);
	assert_false(expr_holds(expr_bind(a, p, &(struct expr_env){ now(), &zone, 5, 0, 0 }), rows, NULL));
	assert_true(expr_holds(expr_bind(a, p, &(struct expr_env){ now() + 2 * HOUR_MS, &zone, 5, 0, 0 }), rows, NULL));
	assert_false(expr_holds(expr_bind(a, p, &(struct expr_env){ now() + 2 * HOUR_MS, &zone, 0, 0, 0 }), rows, NULL));
}

/* ---- SQL ---- */

static void bind(struct expr_sql *s, const struct expr_value *v)
{
	if (v->kind == KIND_TEXT)
		text_format(s->sql, "'%s'", v->text);
	else
		text_format(s->sql, "%lld", (long long)v->i);
}

static void open_row(struct expr_sql *s, const struct expr_field *reference, const char *outer, const char *inner)
{
	text_format(s->sql, "EXISTS (%s %s OF %s.%s", reference->to->name, inner, outer, reference->name);
}

static void columns_stand_bare_so_that_an_index_serves(void **state)
{
	static const struct { const char *text, *sql; } cases[] = {
		{ "grade = urgent", "(t.grade = 'urgent')" },
		{ "grade not in (urgent, normal)", "NOT (t.grade IN ('urgent', 'normal'))" },
		{ "state != new", "(t.state IS NULL OR NOT (t.state = 'new'))" },
		{ "not (state = new or owner_id = 4)", "((t.state IS NULL OR NOT (t.state = 'new')) AND NOT (t.owner_id = 4))" },
		{ "owner_id is none", "NOT (t.owner_id IS NOT NULL AND t.owner_id <> 0)" },
		{ "reminders in (1, 2)", "(t.reminders IN (1, 2))" },
		{ "reminders < 3", "(t.reminders <= 2)" },
		{ "owner_id = me and vip = true", "((t.owner_id = 5) AND (t.vip = 1))" },
		{ "owner_id = my_team", "(1 = 0)" },
		{ "solved_at < 1970-01-02", "(t.solved_at <= 86399999 AND t.solved_at <> 0)" },
		{ "solved_at >= 1970-01-02", "(t.solved_at >= 86400000)" },
		{ "title contains \"A\"", "(instr(lower(t.title), 'a') > 0)" },
		{ "no starts \"漏A\"", "(substr(t.no, 1, 2) = '漏A')" },
		{ "device.product.code = \"x\"", "EXISTS (device e1 OF t.device_id AND EXISTS (product e2 OF e1.product_id AND (e2.code = 'x')))" },
		{ "device.serial != \"x\"", "NOT EXISTS (device e1 OF t.device_id AND (e1.serial = 'x'))" },
		{ "due_at < created_at", "(t.due_at < t.created_at AND t.due_at <> 0 AND t.due_at <> 253402300799999)" },
		{ "created_at in (today, now)", "(t.created_at = 1795849200000 OR t.created_at BETWEEN 1795824000000 AND 1795910399999)" },
		{ "created_at > solved_at + 2h", "(t.created_at - t.solved_at > 7200000 AND t.solved_at <> 0)" },
	};
	ARENA_SCOPED a = arena_new();
	struct zone zone;
	assert_int_equal(zone_load(a, "UTC", &zone), 0);
	struct expr_env env = { now(), &zone, 5, 0, 0 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct expr e;
		struct expr_faults f;
		struct text sql = text_in(a);
		struct expr_sql s = { .dialect = EXPR_SQLITE, .sql = &sql, .alias = "t", .bind = bind, .open = open_row };
		assert_int_equal(read_condition(a, cases[i].text, &e, &f), 0);
		expr_sql(a, &e, &env, &s);
		assert_string_equal(text_end(&sql), cases[i].sql);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_there_satisfies_no_comparison_and_every_opposite),
		cmocka_unit_test(a_reference_that_leads_nowhere_has_no_fields), cmocka_unit_test(words_of_time_are_days_of_the_company),
		cmocka_unit_test(weeks_begin_on_monday_and_a_day_of_instants_has_24_hours), cmocka_unit_test(months_end_with_their_last_day), cmocka_unit_test(texts_are_compared_without_the_case_of_letters_and_codes_as_they_are),
		cmocka_unit_test(one_program_serves_any_instant), cmocka_unit_test(columns_stand_bare_so_that_an_index_serves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
