/* JSON through shapes: what is taken, what is refused and how the fault is named. */
#include "base/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"

static const struct choice grades[] = {
	{ "normal", "普通", "Normal" }, { "urgent", "加急", "Urgent" }, { NULL },
};

struct item {
	const char *name;
	int64_t amount;
};
static const struct member item_members[] = {
	MEMBER(struct item, name, text, .flags = MEMBER_REQUIRED, .most = 5),
	MEMBER(struct item, amount, count, .least = 1, .most = 9),
};
static const struct shape item_shape = SHAPE("item", struct item, item_members);

struct report {
	const char *title;
	const char *grade;
	int64_t device_id, owner_id, bought_on, at, price, danger, due_at;
	double weight;
	const char *extra;
	struct bytes photo;
	struct item *first;
	struct list items, words, ids;
	const char *password;
};
static const struct member report_members[] = {
	MEMBER(struct report, title, text, .flags = MEMBER_REQUIRED, .least = 2, .most = 10),
	MEMBER(struct report, grade, code, .choices = grades),
	MEMBER(struct report, device_id, id),
	MEMBER(struct report, owner_id, ref),
	MEMBER(struct report, bought_on, day),
	MEMBER(struct report, at, time_ms),
	MEMBER(struct report, price, fen),
	MEMBER(struct report, danger, flag),
	MEMBER(struct report, due_at, time_ms, .flags = MEMBER_NULLABLE),
	MEMBER(struct report, weight, real, .least = 0, .most = 100),
	MEMBER(struct report, extra, json),
	MEMBER(struct report, photo, bytes, .most = 4),
	MEMBER(struct report, first, shape, .shape = &item_shape),
	MEMBER(struct report, items, list, .shape = &item_shape, .most = 3),
	MEMBER(struct report, words, list, .item = TYPE_code, .choices = grades),
	MEMBER(struct report, ids, list, .item = TYPE_id),
	MEMBER(struct report, password, text, .flags = MEMBER_SECRET),
};
static const struct shape report_shape = SHAPE("report", struct report, report_members);

struct outcome {
	struct arena *arena;
	struct error error;
	struct report report;
	struct json_present present;
	int result;
};

static void read_in(struct outcome *o, const char *text)
{
	error_clear(&o->error);
	o->result = json_read(o->arena, &report_shape, text, strlen(text), &o->report, &o->present, &o->error);
}

static void a_full_object_is_read(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct outcome o = { .arena = a };
	read_in(&o, "{\"title\":\"冰箱漏水\",\"grade\":\"urgent\",\"device_id\":\"77\",\"owner_id\":null,\"bought_on\":\"2026-11-22\","
	            "\"at\":1795329120000,\"price\":-5,\"danger\":true,\"due_at\":null,\"weight\":1.5,\"extra\":{\"a\":[1,2.50,\"\\u4e00\"]},"
	            "\"photo\":\"Zm9v\",\"first\":{\"name\":\"a\"},\"items\":[{\"name\":\"b\",\"amount\":2},{\"name\":\"c\",\"amount\":3}],"
	            "\"words\":[\"normal\",\"urgent\"],\"ids\":[\"5\",\"6\"],\"password\":\"p\"}");
	assert_int_equal(o.result, 0);
	assert_string_equal(o.report.title, "冰箱漏水");
	assert_string_equal(o.report.grade, "urgent");
	assert_int_equal(o.report.device_id, 77);
	assert_int_equal(o.report.owner_id, 0);
	assert_int_equal(o.report.bought_on, 20779);
	assert_int_equal(o.report.price, -5);
	assert_int_equal(o.report.danger, 1);
	assert_true(o.report.due_at == NULL_INT);
	assert_true(fabs(o.report.weight - 1.5) < 1e-12);
	assert_string_equal(o.report.extra, "{\"a\":[1,2.5,\"一\"]}");
	assert_int_equal(o.report.photo.n, 3);
	assert_string_equal(o.report.first->name, "a");
	assert_int_equal(o.report.items.n, 2);
	assert_string_equal(((struct item *)o.report.items.at)[1].name, "c");
	assert_string_equal(((const char **)o.report.words.at)[1], "urgent");
	assert_int_equal(((int64_t *)o.report.ids.at)[1], 6);
	assert_int_equal(o.present.bits, (1 << 17) - 1);
}

static void absent_members_hold_nothing_and_are_told_apart(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct outcome o = { .arena = a };
	memset(&o.report, 0xAA, sizeof(o.report));
	read_in(&o, "{\"title\":\"ab\",\"price\":0}");
	assert_int_equal(o.result, 0);
	assert_null(o.report.grade);
	assert_int_equal(o.report.device_id, 0);
	assert_true(o.report.due_at == NULL_INT);
	assert_null(o.report.first);
	assert_int_equal(o.report.items.n, 0);
	assert_int_equal(o.present.bits, 1 | 1 << 6);
}

/* One fault in an otherwise good object: which field, which code. */
static const struct {
	const char *json, *field;
	int code;
} faults[] = {
	{ "{}", "title", ERR_FIELD_REQUIRED },
	{ "{\"title\":\"  \"}", "title", ERR_FIELD_REQUIRED },
	{ "{\"title\":null}", "title", ERR_FIELD_REQUIRED },
	{ "{\"title\":5}", "title", ERR_FIELD_TYPE },
	{ "{\"title\":\"一\"}", "title", ERR_FIELD_TOO_SHORT },
	{ "{\"title\":\"一二三四五六七八九十一\"}", "title", ERR_FIELD_TOO_LONG },
	{ "{\"title\":\"a\\u0000b\"}", "title", ERR_ENCODING },
	{ "{\"title\":\"a\\u001bb\"}", "title", ERR_ENCODING },
	{ "{\"title\":\"ab\",\"grade\":\"worst\"}", "grade", ERR_FIELD_CHOICE },
	{ "{\"title\":\"ab\",\"grade\":\"urgent\\u0000\"}", "grade", ERR_ENCODING },
	{ "{\"title\":\"ab\",\"owner\":1}", "owner", ERR_FIELD_UNKNOWN },
	{ "{\"title\":\"ab\",\"title\\u0000\":1}", "title", ERR_FIELD_UNKNOWN },
	{ "{\"title\":\"ab\",\"\\u0001\":1}", "?", ERR_FIELD_UNKNOWN },
	{ "{\"title\":\"ab\",\"device_id\":77}", "device_id", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"device_id\":\"-1\"}", "device_id", ERR_FIELD_INVALID },
	{ "{\"title\":\"ab\",\"device_id\":\"1\\u0000\"}", "device_id", ERR_FIELD_INVALID },
	{ "{\"title\":\"ab\",\"device_id\":\"9223372036854775808\"}", "device_id", ERR_FIELD_INVALID },
	{ "{\"title\":\"ab\",\"device_id\":null}", "device_id", ERR_FIELD_REQUIRED },
	{ "{\"title\":\"ab\",\"bought_on\":\"2026-02-30\"}", "bought_on", ERR_FIELD_DAY },
	{ "{\"title\":\"ab\",\"bought_on\":20260230}", "bought_on", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"at\":-1}", "at", ERR_FIELD_TOO_SMALL },
	{ "{\"title\":\"ab\",\"at\":1.5}", "at", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"at\":1e3}", "at", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"at\":9223372036854775808}", "at", ERR_FIELD_TOO_LARGE },
	{ "{\"title\":\"ab\",\"at\":1e400}", NULL, ERR_JSON },
	{ "{\"title\":\"ab\",\"price\":-9223372036854775808}", "price", ERR_FIELD_TOO_SMALL },   /* would read as NULL */
	{ "{\"title\":\"ab\",\"price\":\"5\"}", "price", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"danger\":1}", "danger", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"weight\":101}", "weight", ERR_FIELD_TOO_LARGE },
	{ "{\"title\":\"ab\",\"weight\":-0.1}", "weight", ERR_FIELD_TOO_SMALL },
	{ "{\"title\":\"ab\",\"weight\":\"1\"}", "weight", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"extra\":{\"a\":\"\\u0000\"}}", "extra", ERR_ENCODING },
	{ "{\"title\":\"ab\",\"photo\":\"Zm9v!\"}", "photo", ERR_FIELD_INVALID },
	{ "{\"title\":\"ab\",\"photo\":\"Zm9vYmFy\"}", "photo", ERR_FIELD_TOO_LONG },
	{ "{\"title\":\"ab\",\"first\":[]}", "first", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"first\":{}}", "first.name", ERR_FIELD_REQUIRED },
	{ "{\"title\":\"ab\",\"items\":{}}", "items", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"items\":[{\"name\":\"a\",\"amount\":1},{\"name\":\"b\",\"amount\":10}]}", "items[1].amount", ERR_FIELD_TOO_LARGE },
	{ "{\"title\":\"ab\",\"items\":[{\"name\":\"a\",\"amount\":0}]}", "items[0].amount", ERR_FIELD_TOO_SMALL },
	{ "{\"title\":\"ab\",\"items\":[5]}", "items[0]", ERR_FIELD_TYPE },
	{ "{\"title\":\"ab\",\"items\":[{},{},{},{}]}", "items", ERR_FIELD_TOO_LONG },
	{ "{\"title\":\"ab\",\"words\":[\"normal\",\"bad\"]}", "words[1]", ERR_FIELD_CHOICE },
	{ "{\"title\":\"ab\",\"words\":[null]}", "words[0]", ERR_FIELD_REQUIRED },
	{ "{\"title\":\"ab\",\"ids\":[7]}", "ids[0]", ERR_FIELD_TYPE },
	/* The whole is at fault. */
	{ "", NULL, ERR_JSON }, { "{", NULL, ERR_JSON }, { "[]", NULL, ERR_JSON }, { "5", NULL, ERR_JSON }, { "null", NULL, ERR_JSON },
	{ "{\"title\":\"ab\"} x", NULL, ERR_JSON }, { "{'title':\"ab\"}", NULL, ERR_JSON }, { "{\"title\":\"ab\",}", NULL, ERR_JSON },
	{ "{\"title\":NaN}", NULL, ERR_JSON }, { "{\"at\":01}", NULL, ERR_JSON }, { "{\"title\":\"\xC0\x80\"}", NULL, ERR_JSON },
	{ "{\"title\":\"\xED\xA0\x80\"}", NULL, ERR_JSON }, { "{\"title\":\"\\ud800\"}", NULL, ERR_JSON }, { "{\"title\":\"a\nb\"}", NULL, ERR_JSON },
	{ "{\"title\":\"ab\",\"title\":\"cd\"}", NULL, ERR_JSON_DUPLICATE },
	{ "{\"title\":\"ab\",\"t\\u0069tle\":\"cd\"}", NULL, ERR_JSON_DUPLICATE },
	{ "{\"title\":\"ab\",\"extra\":[{\"x\":1,\"x\":2}]}", NULL, ERR_JSON_DUPLICATE },
};

static void each_fault_is_named_by_its_path(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		ARENA_SCOPED a = arena_new();
		struct outcome o = { .arena = a };
		read_in(&o, faults[i].json);
		if (!faults[i].field) {
			if (o.result != faults[i].code || o.error.code != o.result || o.error.fields)
				fail_msg("%s: %s", faults[i].json, error_name(o.result));
			continue;
		}
		if (o.result != ERR_INVALID || o.error.field_count != 1)
			fail_msg("%s: %s, %zu faults", faults[i].json, error_name(o.result), o.error.field_count);
		if (strcmp(o.error.fields->field, faults[i].field) || o.error.fields->code != faults[i].code)
			fail_msg("%s: %s %s", faults[i].json, o.error.fields->field, error_name(o.error.fields->code));
	}
}

static void all_faults_are_noted_not_only_the_first(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct outcome o = { .arena = a };
	read_in(&o, "{\"x\":1,\"device_id\":\"a\",\"at\":-1,\"items\":[{},{\"name\":\"toolong\"}]}");
	assert_int_equal(o.error.field_count, 6);
	assert_string_equal(error_text(ERR_FIELD_TOO_LONG, LANG_EN, "5", a), "Too long, at most 5 characters");
}

struct counted {
	int64_t version;
	double share;
};

static void a_least_without_a_most_has_no_upper_end(void **state)
{
	static const struct member members[] = {
		MEMBER(struct counted, version, count, .least = 1), MEMBER(struct counted, share, real, .least = 1),
	};
	static const struct shape shape = SHAPE("counted", struct counted, members);
	static const struct { const char *json; int result; } cases[] = {
		{ "{\"version\":1,\"share\":1}", 0 }, { "{\"version\":9223372036854775807,\"share\":1e9}", 0 },
		{ "{\"version\":0,\"share\":1}", ERR_FIELD_TOO_SMALL }, { "{\"version\":1,\"share\":0.5}", ERR_FIELD_TOO_SMALL },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct counted out;
		struct error e = { 0 };
		int r = json_read(a, &shape, cases[i].json, strlen(cases[i].json), &out, NULL, &e);
		assert_int_equal(r < 0 ? e.fields->code : 0, cases[i].result);
	}
}

static void deep_nesting_is_refused_before_parsing(void **state)
{
	enum { LEVELS = 200000 };
	static char text[LEVELS * 2 + 100];
	ARENA_SCOPED a = arena_new();
	struct outcome o = { .arena = a };
	size_t n = (size_t)snprintf(text, sizeof text, "{\"title\":\"ab\",\"extra\":");
	memset(text + n, '[', LEVELS);
	read_in(&o, text);
	assert_int_equal(o.result, ERR_JSON_DEPTH);
	static const struct { int levels, result; } cases[] = { { 31, 0 }, { 32, ERR_JSON_DEPTH } };
	for (int i = 0; i < 2; i++) {
		struct text t = text_in(a);
		text_append(&t, "{\"title\":\"ab\",\"extra\":");
		for (int k = 0; k < cases[i].levels; k++)
			text_char(&t, '[');
		for (int k = 0; k < cases[i].levels; k++)
			text_char(&t, ']');
		text_char(&t, '}');
		read_in(&o, text_end(&t));
		assert_int_equal(o.result, cases[i].result);
	}
	read_in(&o, "{\"title\":\"[[[\\\"[[[\",\"extra\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}");
	assert_int_equal(o.result, 0);
}

static void every_prefix_of_a_good_text_is_refused_without_harm(void **state)
{
	static const char good[] = "{\"title\":\"\\u51b0箱\",\"extra\":{\"a\":[1,-2.5e3,true,null]},\"items\":[{\"name\":\"b\",\"amount\":2}]}";
	for (size_t n = 0; n < sizeof(good) - 1; n++) {
		ARENA_SCOPED a = arena_new();
		struct error e = { 0 };
		struct report r;
		char *exact = arena_string_n(a, good, n);
		assert_int_equal(json_read(a, &report_shape, exact, n, &r, NULL, &e), ERR_JSON);
	}
}

static void a_row_is_written_without_its_secrets(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct item items[] = { { "x", 1 }, { NULL, 2 } };
	int64_t ids[] = { 5, INT64_MAX };
	struct report r = {
		.title = "a\"\\\n\t\x01漏", .device_id = 7, .bought_on = 20779, .price = -5, .danger = 1, .due_at = NULL_INT, .weight = 0.1,
		.extra = "{\"k\":[1]}", .photo = { (const uint8_t *)"foo", 3 }, .first = &items[0], .items = { items, 2 }, .ids = { ids, 2 },
		.password = "secret",
	};
	struct text t = text_in(a);
	json_write(&t, &report_shape, &r);
	assert_string_equal(text_end(&t),
	                    "{\"title\":\"a\\\"\\\\\\n\\t\\u0001漏\",\"grade\":null,\"device_id\":\"7\",\"owner_id\":null,\"bought_on\":\"2026-11-22\","
	                    "\"at\":0,\"price\":-5,\"danger\":true,\"due_at\":null,\"weight\":0.1,\"extra\":{\"k\":[1]},\"photo\":\"Zm9v\","
	                    "\"first\":{\"name\":\"x\",\"amount\":1},\"items\":[{\"name\":\"x\",\"amount\":1},{\"name\":null,\"amount\":2}],"
	                    "\"words\":[],\"ids\":[\"5\",\"9223372036854775807\"]}");
	assert_true(json_is_valid(t.p, t.n, 32));
}

static void numbers_survive_writing_and_reading(void **state)
{
	const double cases[] = { 0.1, 1.0 / 3, 1e-7, 99.99999999999999, 5e-324, 100 };
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct report r = { .title = "ab", .weight = cases[i] };
		struct text t = text_in(a);
		text_append(&t, "{\"title\":\"ab\",\"weight\":");
		json_member(&t, &report_members[9], &r);
		text_char(&t, '}');
		struct outcome o = { .arena = a };
		read_in(&o, text_end(&t));
		assert_int_equal(o.result, 0);
		assert_memory_equal(&o.report.weight, &cases[i], sizeof(double));
	}
	struct report odd = { .weight = INFINITY };
	struct text t = text_in(a);
	json_member(&t, &report_members[9], &odd);
	assert_string_equal(text_end(&t), "null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_object_is_read),
		cmocka_unit_test(absent_members_hold_nothing_and_are_told_apart),
		cmocka_unit_test(each_fault_is_named_by_its_path),
		cmocka_unit_test(all_faults_are_noted_not_only_the_first),
		cmocka_unit_test(a_least_without_a_most_has_no_upper_end),
		cmocka_unit_test(deep_nesting_is_refused_before_parsing),
		cmocka_unit_test(every_prefix_of_a_good_text_is_refused_without_harm),
		cmocka_unit_test(a_row_is_written_without_its_secrets),
		cmocka_unit_test(numbers_survive_writing_and_reading),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
