/* Search on both engines: finds what was written, nothing of another company, nothing that is gone. */
#include <setjmp.h>

#include "core/core_fixture_test.h"
#include "core/search/search.h"
#include "base/text.h"
#include "core/search/search_words.h"
#include "gen/search_sql.h"

#include <cmocka.h>     /* last: its macro fail() would hide ours */

FIXTURE_SETUPS

static void index_as(struct fixture *f, const char *object, int64_t id, const char *title, const char *body)
{
	struct search_text texts[] = { { SEARCH_TITLE, title }, { SEARCH_BODY, body } };
	const struct search_item item = { object, id, f->c.now, { texts, 2 } };
	assert_int_equal(search_index(&f->c, &item, 1), 0);
}

/* Ids of the hits, "3 1". */
static const char *found_of(struct fixture *f, const char *query, const char *kind)
{
	struct search_hit *hits;
	size_t n;
	struct text t = text_in(f->a);
	assert_int_equal(search_find(&f->c, query, &kind, kind != NULL, 10, &hits, &n), 0);
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%s%lld", i ? " " : "", (long long)hits[i].object_id);
	return text_end(&t);
}

static const char *found(struct fixture *f, const char *query)
{
	return found_of(f, query, NULL);
}

static void words_characters_and_codes_are_found(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "冰箱不制冷", "冷藏室温度显示 12 度，型号 BCD-468WP");
	index_as(f, "ticket", 2, "空调漏水", "KFR-35GW 室内机滴水, error E4");
	assert_string_equal(found(f, "制冷"), "1");
	assert_string_equal(found(f, "漏"), "2");
	assert_string_equal(found(f, "冰箱 温度"), "1");
	assert_string_equal(found(f, "温度 冰箱"), "1");
	assert_string_equal(found(f, "bcd-468wp"), "1");
	assert_string_equal(found(f, "BCD468WP"), "1");
	assert_string_equal(found(f, "ｋｆｒ"), "2");
	assert_string_equal(found(f, "E4"), "2");
	assert_string_equal(found(f, "erro"), "2");              /* still being typed */
	assert_string_equal(found(f, "erro r"), "");
	assert_string_equal(found(f, "洗衣机"), "");
	assert_string_equal(found(f, ""), "");
	assert_string_equal(found(f, "，。！\" ' * : ( ) ~ & |"), "");
	assert_string_equal(found(f, "\"制冷\" OR 漏水'--"), "");
}

static void words_in_another_order_are_found_as_a_last_try(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "制冷很慢", "");
	assert_string_equal(found(f, "慢制冷"), "1");
}

static void what_is_personal_is_not_in_the_index(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "请回电 13812345678", "邮箱 wang@example.com");
	assert_string_equal(found(f, "13812345678"), "");
	assert_string_equal(found(f, "wang"), "");
	assert_string_equal(found(f, "回电"), "1");
}

static void companies_do_not_find_one_another(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "冰箱", "");
	assert_int_equal(fixture_next(f, OTHER_TENANT), 0);
	index_as(f, "ticket", 2, "冰箱", "");
	assert_string_equal(found(f, "冰箱"), "2");
	assert_string_equal(found(f, "~t2 冰箱"), "");           /* a mark cannot be typed: it is the word t2 */
	assert_string_equal(found(f, "t1"), "");
	assert_int_equal(fixture_next(f, TENANT), 0);
	assert_string_equal(found(f, "冰箱"), "1");
}

static void kinds_narrow_the_question(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "冰箱", "");
	index_as(f, "device", 2, "冰箱", "");
	assert_string_equal(found_of(f, "冰箱", "device"), "2");
	assert_string_equal(found_of(f, "冰箱", "customer"), "");
}

static void a_changed_object_is_found_by_its_new_words_only(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "冰箱", "");
	index_as(f, "ticket", 1, "空调", "");
	assert_string_equal(found(f, "冰箱"), "");
	assert_string_equal(found(f, "空调"), "1");
	struct search_lane lane;
	assert_int_equal(search_lane_row_get(&f->c, 0, &lane), 0);
	assert_int_equal(lane.live, 1);
	assert_int_equal(lane.stale, 1);
}

static void an_event_that_changes_no_word_makes_no_document(void **state)
{
	struct fixture *f = *state;
	struct search_doc before, after;
	index_as(f, "ticket", 1, "冰箱", "不制冷");
	assert_int_equal(search_doc_row_get(&f->c, "ticket", 1, &before), 0);
	f->c.now += 1000;
	index_as(f, "ticket", 1, "冰箱", "不制冷");
	assert_int_equal(search_doc_row_get(&f->c, "ticket", 1, &after), 0);
	assert_int_equal(before.doc, after.doc);
	assert_int_equal(after.at, before.at + 1000);
}

static void a_forgotten_object_is_not_found(void **state)
{
	struct fixture *f = *state;
	int64_t removed;
	index_as(f, "ticket", 1, "冰箱", "");
	assert_int_equal(search_forget(&f->c, "ticket", 1, &removed), 0);
	assert_int_equal(removed, 1);
	assert_string_equal(found(f, "冰箱"), "");
	assert_int_equal(search_forget(&f->c, "ticket", 1, &removed), 0);
	assert_int_equal(removed, 0);
}

static void a_title_comes_before_a_body_and_fresh_before_old(void **state)
{
	struct fixture *f = *state;
	index_as(f, "ticket", 1, "漏水", "");
	f->c.now += 400 * DAY_MS;
	index_as(f, "ticket", 2, "空调", "有时漏水");
	index_as(f, "ticket", 3, "漏水", "");
	assert_string_equal(found(f, "漏水"), "3 1 2");
}

/* 3,000 tickets of the giant hold the word, the tiny company's one does too and is older than all of them. */
static void a_giant_does_not_hide_a_tiny_company(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(fixture_next(f, OTHER_TENANT), 0);
	index_as(f, "ticket", 1, "漏水", "");
	assert_int_equal(fixture_next(f, TENANT), 0);
	for (int64_t i = 0; i < 3000; i++) {
		struct arena_mark mark = arena_mark(f->a);
		index_as(f, "ticket", 10 + i, "漏水", "");
		arena_rewind(f->a, mark);
	}
	assert_int_equal(fixture_next(f, OTHER_TENANT), 0);
	assert_string_equal(found(f, "漏水"), "1");
	assert_int_equal(fixture_next(f, TENANT), 0);
	struct search_hit *hits;
	size_t n;
	assert_int_equal(search_find(&f->c, "漏水", NULL, 0, 5000, &hits, &n), 0);
	assert_int_equal(n, SEARCH_CANDIDATES);
	assert_int_equal(hits[0].object_id, 3009);
}

/* Objects are numbered; the odd ones are gone from the source. */
static int source(struct ctx *c, const char *object, int64_t id, struct search_texts *texts)
{
	assert_string_equal(object, "ticket");
	texts->n = id % 2 == 0;
	texts->at = ARENA_NEW(c->arena, struct search_text);
	texts->at->part = SEARCH_BODY;
	texts->at->text = arena_format(c->arena, "故障%lld 公司%lld", (long long)id, (long long)c->tenant);
	return 0;
}

static void a_rebuild_drops_what_is_stale_and_misses_nothing_meanwhile(void **state)
{
	struct fixture *f = *state;
	bool due = true, more = true;
	for (int64_t i = 1; i <= 250; i++)
		index_as(f, "ticket", i, "", arena_format(f->a, "旧 故障%lld", (long long)i));
	assert_int_equal(fixture_next(f, OTHER_TENANT), 0);
	index_as(f, "ticket", 252, "", "旧 故障252");
	assert_int_equal(fixture_next(f, TENANT), 0);
	assert_int_equal(search_rebuild_due(&f->c, &due), 0);
	assert_false(due);
	assert_int_equal(search_rebuild_start(&f->c), 0);
	assert_int_equal(search_rebuild_step(&f->c, source, &more), 0);
	assert_true(more);
	assert_string_equal(found(f, "旧 故障240"), "240");             /* the old table answers until the end */
	index_as(f, "ticket", 300, "", "新来的");
	index_as(f, "ticket", 240, "", "改过的");
	for (int steps = 0; more; steps++) {
		assert_true(steps < 10);
		assert_int_equal(search_rebuild_step(&f->c, source, &more), 0);
	}
	assert_int_equal(f->c.tenant, TENANT);
	assert_string_equal(found(f, "新来的"), "300");
	assert_string_equal(found(f, "改过的"), "240");
	assert_string_equal(found(f, "故障240"), "");
	assert_string_equal(found(f, "故障100"), "100");
	assert_string_equal(found(f, "故障101"), "");
	assert_string_equal(found(f, "旧"), "");
	assert_int_equal(fixture_next(f, OTHER_TENANT), 0);
	assert_string_equal(found(f, "公司2"), "252");
	assert_int_equal(fixture_next(f, TENANT), 0);
	/* and once more, back into the first table */
	assert_int_equal(search_rebuild_start(&f->c), 0);
	for (more = true; more;)
		assert_int_equal(search_rebuild_step(&f->c, source, &more), 0);
	assert_string_equal(found(f, "故障100"), "100");
}

static void a_rebuild_is_due_when_a_quarter_is_stale_or_words_of_the_erased_are_a_week_old(void **state)
{
	struct fixture *f = *state;
	int64_t removed;
	bool due;
	for (int64_t i = 1; i <= 9; i++)
		index_as(f, "ticket", i, "冰箱", "");
	for (int64_t i = 1; i <= 3; i++)
		index_as(f, "ticket", i, "空调", "");
	assert_int_equal(search_rebuild_due(&f->c, &due), 0);
	assert_false(due);
	index_as(f, "ticket", 4, "空调", "");
	assert_int_equal(search_rebuild_due(&f->c, &due), 0);
	assert_true(due);
	for (int64_t i = 10; i <= 30; i++)
		index_as(f, "ticket", i, "冰箱", "");
	assert_int_equal(search_forget(&f->c, "ticket", 30, &removed), 0);
	assert_int_equal(search_rebuild_due(&f->c, &due), 0);
	assert_false(due);
	f->c.now += 7 * DAY_MS;
	assert_int_equal(search_rebuild_due(&f->c, &due), 0);
	assert_true(due);
}

static const struct CMUnitTest search[] = {
	ON_BOTH(words_characters_and_codes_are_found),
	ON_BOTH(words_in_another_order_are_found_as_a_last_try),
	ON_BOTH(what_is_personal_is_not_in_the_index),
	ON_BOTH(companies_do_not_find_one_another),
	ON_BOTH(kinds_narrow_the_question),
	ON_BOTH(a_changed_object_is_found_by_its_new_words_only),
	ON_BOTH(an_event_that_changes_no_word_makes_no_document),
	ON_BOTH(a_forgotten_object_is_not_found),
	ON_BOTH(a_title_comes_before_a_body_and_fresh_before_old),
	ON_BOTH(a_giant_does_not_hide_a_tiny_company),
	ON_BOTH(a_rebuild_drops_what_is_stale_and_misses_nothing_meanwhile),
	ON_BOTH(a_rebuild_is_due_when_a_quarter_is_stale_or_words_of_the_erased_are_a_week_old),
};

int main(void)
{
	RUN_ON_BOTH(search);
}
