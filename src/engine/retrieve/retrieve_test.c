/* What becomes of a text before it is compared: its form, its telling part, its terms, what it names. */
#include "base/test.h"

#include "base/text.h"
#include "engine/cut/cut.h"
#include "engine/retrieve/normal.h"
#include "engine/retrieve/slots.h"
#include "engine/retrieve/telling.h"

#include <math.h>

static const struct normal_pair same[] = {
	{ "咋", "怎么" }, { "咋整", "怎么办" }, { "致冷", "制冷" }, { "唔", "不" }, { "路由", "路由器" }, { "冷气机", "空调" },
};

static struct normal *make(struct arena *a) { return normal_new(a, same, sizeof(same) / sizeof(same[0])); }

static void one_form_for_what_means_the_same(void **state)
{
	static const struct {
		const char *typed, *normal;
	} cases[] = {
		{ "空调不制冷", "空调不制冷" },
		{ "空調不製冷", "空调不制冷" },
		{ "冷氣機唔製冷咋整", "空调不制冷怎么办" },
		{ "空调不致冷，咋办？？？", "空调不制冷,怎么办" },
		{ "ＫＦＲ－３５ＧＷ 报 Ｅ１！", "kfr-35gw 报 e1" },
		{ "报E三", "报e3" },
		{ "三天没修", "三天没修" },
		{ "冰箱😡😡滴滴滴滴响", "冰箱滴滴响" },
		{ "  你好 ，  在吗  ", "你好,在吗" },
		{ "路由器换了，路由不行", "路由器换了,路由器不行" },
		{ "订单20261122001到哪了", "订单到哪了" },
		{ "2.4G 还是5g", "2.4g 还是5g" },
		{ "，。！", "" },
		{ "", "" },
	};
	ARENA_SCOPED a = arena_new();
	struct normal *s = make(a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(normal_text(a, s, cases[i].typed, strlen(cases[i].typed)), cases[i].normal);
}

/* Pieces of every kind in any order: broken bytes too. */
static size_t anything(char *out, size_t most)
{
	static const char *const pieces[] = { "空", "調", "E", "三", " ", "，", "😡", "\xE7", "\xFF", "1", "9", "滴", "咋", "-", "ｋ", "\xE2\x80\x8D", "\n", "路由", "器" };
	size_t n = 0;
	while (n + 8 < most) {
		const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))];
		memcpy(out + n, piece, strlen(piece));
		n += strlen(piece);
	}
	return n;
}

static void any_bytes_become_text_that_stays_as_it_is(void **state)
{
	srand(7);
	char bytes[200];
	ARENA_SCOPED a = arena_new();
	struct normal *s = make(a), *bare = normal_new(a, NULL, 0);
	for (size_t i = 0; i < by_level(300, 3000, 30000); i++) {
		struct arena_mark mark = arena_mark(a);
		size_t n = anything(bytes, 16 + (size_t)rand() % 180);
		const char *once = normal_text(a, bare, bytes, n), *full = normal_text(a, s, bytes, n);
		assert_true(utf8_is_text(once, strlen(once)) && utf8_is_text(full, strlen(full)));
		assert_string_equal(normal_text(a, bare, once, strlen(once)), once);
		arena_rewind(a, mark);
	}
}

/* ---- terms ---- */

/* The same by the shortest way: for each word of the cutter, counted in every text. */
static double slow_weight(struct arena *a, const char *const *texts, size_t n, const char *text, const char *word)
{
	double squares = 0, wanted = 0;
	struct words w, other;
	cut(a, text, CUT_DOCUMENT, &w);
	for (size_t i = 0; i < w.n; i++) {
		size_t here = 0, with = 0;
		bool before = false;
		for (size_t k = 0; k < w.n; k++) {
			here += !strcmp(w.word[k], w.word[i]);
			before = before || (k < i && !strcmp(w.word[k], w.word[i]));
		}
		for (size_t t = 0; t < n; t++) {
			bool found = false;
			cut(a, texts[t], CUT_DOCUMENT, &other);
			for (size_t k = 0; k < other.n; k++)
				found = found || !strcmp(other.word[k], w.word[i]);
			with += found;
		}
		double weight = (1 + log((double)here)) * (log((double)(1 + n) / (double)(1 + with)) + 1);
		squares += before ? 0 : weight * weight;
		if (!strcmp(w.word[i], word))
			wanted = weight;
	}
	return wanted / sqrt(squares);
}

static void terms_weigh_what_the_formula_says(void **state)
{
	static const char *const texts[] = { "空调不制冷", "空调漏水", "冰箱不制冷", "洗衣机漏水漏水", "E1 空调" };
	static const char *const asked[] = { "空调空调漏水", "e1不制冷", "从来没有见过", "漏" };
	ARENA_SCOPED a = arena_new();
	struct term_table table;
	term_table_make(a, texts, 5, &table);
	for (size_t i = 0; i < 4; i++) {
		struct terms t;
		struct words w;
		double squares = 0;
		terms_of(a, &table, asked[i], &t);
		cut(a, asked[i], CUT_DOCUMENT, &w);
		for (size_t k = 0; k < t.n; k++) {
			const char *word = NULL;
			for (size_t j = 0; j < w.n; j++)
				if (term_hash(w.word[j]) == t.term[k].hash)
					word = w.word[j];
			assert_non_null(word);
			assert_true(fabs(slow_weight(a, texts, 5, asked[i], word) - (double)t.term[k].weight) < 1e-5);
			squares += (double)t.term[k].weight * (double)t.term[k].weight;
		}
		assert_true(fabs(squares - 1) < 1e-5);
	}
	struct terms known, strange;
	terms_of(a, &table, "空调漏水", &known);
	terms_of(a, &table, "高压锅", &strange);
	assert_true(known.known > 0.99f && strange.known < 0.01f);
}

/* ---- the telling part ---- */

static void greetings_go_and_the_telling_clauses_stay(void **state)
{
	static const char *const texts[] = { "空调不制冷", "空调漏水", "我家", "今天", "昨天买的", "你们", "我家今天" };
	static const char *const courtesies[] = { "你好", "请问", "谢谢" };
	ARENA_SCOPED a = arena_new();
	struct term_table table;
	term_table_make(a, texts, 7, &table);
	assert_string_equal(telling_part(a, &table, courtesies, 3, "你好,请问空调不制冷怎么办谢谢"), "空调不制冷怎么办");
	assert_string_equal(telling_part(a, &table, courtesies, 3, "你好"), "你好");
	struct text story = text_in(a);
	for (int i = 0; i < 12; i++)
		text_append(&story, "我家今天你们我家今天,");
	text_append(&story, "空调不制冷,");
	for (int i = 0; i < 12; i++)
		text_append(&story, "我家今天你们,");
	const char *part = telling_part(a, &table, courtesies, 3, text_end(&story));
	assert_non_null(strstr(part, "空调不制冷"));
	assert_true(utf8_count(part) <= TELLING_CHARACTERS);
}

static void a_part_is_never_too_long_nor_empty(void **state)
{
	srand(11);
	char bytes[2000];
	ARENA_SCOPED a = arena_new();
	struct term_table none = { 0 };
	struct normal *s = make(a);
	for (size_t i = 0; i < by_level(100, 1000, 10000); i++) {
		struct arena_mark mark = arena_mark(a);
		const char *normal = normal_text(a, s, bytes, anything(bytes, 16 + (size_t)rand() % 1900));
		const char *part = telling_part(a, &none, NULL, 0, normal);
		assert_true(utf8_count(part) <= TELLING_CHARACTERS && utf8_is_text(part, strlen(part)));
		assert_true(!*normal == !*part);
		arena_rewind(a, mark);
	}
}

/* ---- slots ---- */

static void finds_what_a_message_names(void **state)
{
	static const char *const air[] = { "空调", "挂机", "kfr-35gw" }, *const tv[] = { "电视", "tv" }, *const washer[] = { "洗衣机" };
	static const struct slot_product products[] = { { "air_conditioner", air, 3 }, { "television", tv, 2 }, { "washer", washer, 1 } };
	static const struct {
		const char *text;
		uint64_t products;
		const char *code, *model, *order, *serial, *phone;
	} cases[] = {
		{ "挂机报E1了", 1, "e1", "", "", "", "" },
		{ "KFR-35GW显示F0", 1, "f0", "kfr-35gw", "", "", "" },
		{ "电视和洗衣机都坏了", 6, "", "", "", "", "" },
		{ "cctv5看不了", 0, "", "", "", "", "" },
		{ "tv没声音", 2, "", "", "", "", "" },
		{ "用5g还是2.4g", 0, "", "", "", "", "" },
		{ "单子SR20261122001到哪了", 0, "", "", "SR20261122001", "", "" },
		{ "电话13812345678，明天来", 0, "", "", "", "", "+8613812345678" },
		{ "序列号 AX12B3456789C 过保没", 0, "", "", "", "AX12B3456789C", "" },
		{ "12月3日上门", 0, "", "", "", "", "" },
		{ "怎么退货", 0, "", "", "", "", "" },
	};
	ARENA_SCOPED a = arena_new();
	struct normal *s = make(a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slots found;
		slots_of(a, products, 3, cases[i].text, normal_text(a, s, cases[i].text, strlen(cases[i].text)), &found);
		assert_int_equal(found.products, cases[i].products);
		assert_string_equal(found.code, cases[i].code);
		assert_string_equal(found.model, cases[i].model);
		assert_string_equal(found.order, cases[i].order);
		assert_string_equal(found.serial, cases[i].serial);
		assert_string_equal(found.phone, cases[i].phone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_form_for_what_means_the_same),
		cmocka_unit_test(any_bytes_become_text_that_stays_as_it_is),
		cmocka_unit_test(terms_weigh_what_the_formula_says),
		cmocka_unit_test(greetings_go_and_the_telling_clauses_stay),
		cmocka_unit_test(a_part_is_never_too_long_nor_empty),
		cmocka_unit_test(finds_what_a_message_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
