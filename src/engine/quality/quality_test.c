/* Rules one by one, both ways; then drawn conversations and what has to hold for any of them. */
#include "engine/quality/quality_private.h"

#include "base/test.h"
#include "base/text.h"

enum { MINUTE = 60000, LIN = 7, WANG = 8, MOST = 12 };

/* Words */

static bool finds(const char *lines, const char *except, const char *text, const char *expected)
{
	ARENA_SCOPED a = arena_new();
	size_t from, to;
	const struct quality_words *w = quality_words_new(a, lines), *e = quality_words_new(a, except);
	bool found = quality_words_find(w, e, text, &from, &to);
	if (found)
		assert_string_equal(arena_string_n(a, text + from, to - from), expected);
	return found;
}

static void blanks_width_and_case_hide_nothing(void **state)
{
	assert_true(finds("傻瓜", "", "你是傻 瓜吗", "傻 瓜"));
	assert_true(finds("傻瓜", "", "你是傻\xe2\x80\x8b瓜吗", "傻\xe2\x80\x8b瓜"));
	assert_true(finds("vip", "", "ＶＩＰ客户", "ＶＩＰ"));
	assert_true(finds("not my problem", "", "That is NOT  my Problem.", "NOT  my Problem"));
	assert_false(finds("not my problem", "", "notmy problem", ""));
}

static void a_latin_word_is_a_word(void **state)
{
	assert_false(finds("ass", "", "please pass it on", ""));
	assert_true(finds("ass", "", "you ass", "ass"));
	assert_true(finds("cvv", "", "请提供cvv码", "cvv"));
	assert_false(finds("none", "", "no ne", ""));
}

static void a_star_stands_for_a_few_of_one_sentence(void **state)
{
	assert_true(finds("明天*联系您", "", "明天上午九点联系您", "明天上午九点联系您"));
	assert_true(finds("明天*联系您", "", "明天联系您", "明天联系您"));
	assert_false(finds("明天*联系您", "", "明天见。我再联系您", ""));
	assert_false(finds("明天*联系您", "", "明天我们的售后工程师会在上门之前联系您", ""));
	assert_true(finds("*验证码*", "", "验证码", "验证码"));
	assert_false(finds("***", "", "anything", ""));
}

static void an_exception_excuses_what_begins_within_it(void **state)
{
	assert_false(finds("不知道", "您可能不知道", "您可能不知道，这是正常的", ""));
	assert_true(finds("不知道", "您可能不知道", "您可能不知道，我也不知道", "不知道"));
	assert_true(finds("不知道", "您可能不知道", "不知道", "不知道"));
	assert_false(finds("验证码", "不要*验证码", "请不要把验证码告诉别人", ""));
	assert_false(finds("验证码*发", "不要*验证码", "请不要把验证码发给别人", ""));
	assert_true(finds("验证码*发", "不要*验证码", "不要急。验证码发我", "验证码发"));
}

/* Rules */

#define SAYS(number, minute, who, words) { .no = (number), .at = (minute) * MINUTE, .side = SIDE_##who, .is_public = true, .by = LIN, .text = (words) }
#define NOTE(number, minute, words) { .no = (number), .at = (minute) * MINUTE, .side = SIDE_STAFF, .by = LIN, .text = (words) }
#define TALK(list, ...) { .messages = list, .n = sizeof(list) / sizeof((list)[0]), .taken_at = 1, .now = 1000 * MINUTE, __VA_ARGS__ }
#pragma GCC diagnostic ignored "-Woverride-init"

struct plain_rule {
	enum quality_kind kind;
	const char *words, *answers;
	int64_t count, minutes;
};

/* "1 4": messages with findings; "@30" behind: to be looked at again in that minute. */
static const char *found(struct arena *a, const struct quality_talk *talk, struct plain_rule p)
{
	struct quality_check rule = { .kind = p.kind, .words = quality_words_new(a, p.words), .answers = quality_words_new(a, p.answers), .count = p.count, .ms = p.minutes * MINUTE, .weight = 10 };
	struct quality_spot *findings;
	time_ms look;
	const char *text = "";
	size_t n = quality_inspect(a, talk, &rule, 1, &findings, &look);
	for (size_t i = 0; i < n; i++)
		text = arena_format(a, "%s%s%lld", text, *text ? " " : "", (long long)findings[i].no);
	return look < FAR_FUTURE_MS ? arena_format(a, "%s@%lld", text, (long long)(look / MINUTE)) : text;
}

static void expect(const struct quality_talk *talk, struct plain_rule p, const char *expected)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(found(a, talk, p), expected);
}

static void it_begins_and_ends_politely(void **state)
{
	const struct plain_rule open = { QUALITY_OPENING, "您好\nhello", .count = 2 }, close = { QUALITY_CLOSING, "感谢\n再见", .count = 2 };
	const struct quality_message well[] = { SAYS(1, 1, CUSTOMER, "不制冷"), SAYS(2, 2, STAFF, "请稍等"), SAYS(3, 3, STAFF, "您好"), SAYS(4, 4, STAFF, "感谢来访"), SAYS(5, 5, CUSTOMER, "谢谢") };
	const struct quality_message badly[] = { SAYS(1, 1, CUSTOMER, "您好，感谢"), SAYS(2, 2, STAFF, "说"), SAYS(3, 3, AUTOMATIC, "您好，感谢"), SAYS(4, 4, STAFF, "行") };
	const struct quality_talk good = TALK(well, .closed_at = 6 * MINUTE), bad = TALK(badly, .closed_at = 6 * MINUTE), running = TALK(badly), nobody = { .messages = badly, .n = 1, .closed_at = 6 * MINUTE };
	expect(&good, open, "");
	expect(&good, close, "");
	expect(&bad, open, "2");
	expect(&bad, close, "4");
	expect(&running, close, "");
	expect(&nobody, open, "");
	expect(&nobody, close, "");
}

static void only_what_staff_say_to_her_is_forbidden(void **state)
{
	const struct quality_message m[] = { SAYS(1, 1, CUSTOMER, "笨蛋"), NOTE(2, 2, "笨蛋"), SAYS(3, 3, STAFF, "您是笨蛋"), SAYS(4, 4, STAFF, "笨蛋") };
	const struct quality_talk talk = TALK(m);
	expect(&talk, (struct plain_rule){ QUALITY_FORBIDDEN, "笨蛋" }, "3 4");
	expect(&talk, (struct plain_rule){ QUALITY_PERSONAL, "蛋" }, "3 4");
}

static void a_promise_needs_something_put_down(void **state)
{
	const struct plain_rule rule = { QUALITY_PROMISE, "给您回电", .minutes = 30 };
	const struct quality_message m[] = { SAYS(1, 1, CUSTOMER, "修好了吗"), SAYS(2, 60, STAFF, "稍后给您回电") };
	const time_ms before[] = { 40 * MINUTE }, in_time[] = { 90 * MINUTE }, late[] = { 91 * MINUTE + 1 };
	const struct quality_talk none = TALK(m), early = TALK(m, .done = before, .done_count = 1), kept = TALK(m, .done = in_time, .done_count = 1), broken = TALK(m, .done = late, .done_count = 1);
	const struct quality_talk open = TALK(m, .now = 70 * MINUTE), closed = TALK(m, .now = 61 * MINUTE, .closed_at = 61 * MINUTE);
	expect(&none, rule, "2");
	expect(&early, rule, "");
	expect(&kept, rule, "");
	expect(&broken, rule, "2");
	expect(&open, rule, "@90");
	expect(&closed, rule, "@90");
}

static void a_question_is_answered(void **state)
{
	const struct plain_rule rule = { QUALITY_UNANSWERED, "吗\n？", .minutes = 10 }, whenever = { QUALITY_UNANSWERED, "吗" };
	const struct quality_message m[] = { SAYS(1, 1, CUSTOMER, "在吗"), SAYS(2, 2, CUSTOMER, "能修吗"), NOTE(3, 3, "看看"), SAYS(4, 4, AUTOMATIC, "请稍候"), SAYS(5, 20, STAFF, "能"), SAYS(6, 21, CUSTOMER, "好"), SAYS(7, 30, CUSTOMER, "收费吗") };
	const struct quality_talk closed = TALK(m, .closed_at = 31 * MINUTE), running = TALK(m, .now = 35 * MINUTE);
	expect(&closed, rule, "1 7");
	expect(&closed, whenever, "7");
	expect(&running, rule, "1@40");
	const struct quality_message by_bot[] = { SAYS(1, 1, CUSTOMER, "收费吗"), SAYS(2, 2, BOT, "保内免费") };
	const struct quality_talk bot = TALK(by_bot, .closed_at = 31 * MINUTE);
	expect(&bot, rule, "");
}

static void silence_counts_while_somebody_has_it(void **state)
{
	const struct plain_rule rule = { QUALITY_SILENCE, .minutes = 5 };
	const struct quality_message m[] = { SAYS(1, 1, CUSTOMER, "漏水"), SAYS(2, 20, STAFF, "您好"), SAYS(3, 21, CUSTOMER, "在"), SAYS(4, 27, STAFF, "嗯") };
	const struct quality_talk taken_late = TALK(m, .taken_at = 19 * MINUTE), taken_soon = TALK(m, .taken_at = 2 * MINUTE), nobody = TALK(m, .taken_at = 0);
	expect(&taken_late, rule, "3");
	expect(&taken_soon, rule, "1 3");
	expect(&nobody, rule, "");
	const struct quality_talk waits = { .messages = m, .n = 3, .taken_at = 1, .now = 23 * MINUTE };
	expect(&waits, rule, "1@26");
}

static void silence_counts_in_working_time(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct calendar_hours morning[] = { { 8 * 60 * MINUTE, 12 * 60 * MINUTE } };
	struct calendar_source s = { 0 };
	assert_int_equal(zone_load(a, "UTC", &s.zone), 0);
	for (size_t i = 0; i < 7; i++)
		s.week[i] = (struct calendar_plan){ morning, 1 };
	const struct calendar *hours = calendar_compile(a, &s);
	const struct quality_message m[] = { SAYS(1, 12 * 60 - 2, CUSTOMER, "漏水"), SAYS(2, 24 * 60 + 8 * 60 + 2, STAFF, "您好") }, late[] = { m[0], SAYS(2, 24 * 60 + 8 * 60 + 4, STAFF, "您好") };
	const struct quality_talk kept = TALK(m, .hours = hours, .now = 2000 * MINUTE), broken = TALK(late, .hours = hours, .now = 2000 * MINUTE);
	expect(&kept, (struct plain_rule){ QUALITY_SILENCE, .minutes = 5 }, "");
	expect(&broken, (struct plain_rule){ QUALITY_SILENCE, .minutes = 5 }, "1");
}

static void danger_is_answered_with_safety(void **state)
{
	const struct plain_rule rule = { QUALITY_SAFETY, "冒烟", "断开电源", .minutes = 3 };
	const struct quality_message told[] = { SAYS(1, 1, CUSTOMER, "插头冒烟了"), SAYS(2, 2, BOT, "请立即断开电源") }, late[] = { told[0], SAYS(2, 5, STAFF, "请断开电源") };
	const struct quality_talk good = TALK(told), bad = TALK(late), open = { .messages = told, .n = 1, .now = 2 * MINUTE };
	expect(&good, rule, "");
	expect(&bad, rule, "1");
	expect(&open, rule, "@4");
}

static void a_need_is_met_by_words_or_by_deeds(void **state)
{
	const struct plain_rule rule = { QUALITY_NEED, "退货", "退货" };
	const struct quality_message heard[] = { SAYS(1, 1, CUSTOMER, "我要退货"), SAYS(2, 2, STAFF, "为您办理退货") }, missed[] = { heard[0], SAYS(2, 2, STAFF, "重启一下") };
	const time_ms done[] = { 3 * MINUTE };
	const struct quality_talk good = TALK(heard, .closed_at = 9 * MINUTE), bad = TALK(missed, .closed_at = 9 * MINUTE), ticket = TALK(missed, .closed_at = 9 * MINUTE, .done = done, .done_count = 1);
	expect(&good, rule, "");
	expect(&bad, rule, "1");
	expect(&ticket, rule, "");
}

static void her_language_is_kept(void **state)
{
	const struct plain_rule rule = { QUALITY_LANGUAGE };
	const struct quality_message m[] = { SAYS(1, 1, CUSTOMER, "How do I reset it?"), SAYS(2, 2, STAFF, "请长按电源键"), SAYS(3, 3, STAFF, "Hold the power key 长按电源键"), SAYS(4, 4, CUSTOMER, "谢谢你"), SAYS(5, 5, STAFF, "You are welcome, good bye"), SAYS(6, 6, STAFF, "BCD-500WDPZM") };
	const struct quality_talk talk = TALK(m);
	expect(&talk, rule, "2 5");
}

static void a_transfer_says_why(void **state)
{
	const struct plain_rule rule = { QUALITY_TRANSFER };
	const struct quality_message m[] = { SAYS(1, 1, CUSTOMER, "漏水"), NOTE(2, 20, "客户急"), SAYS(3, 40, STAFF, "转同事") };
	const struct quality_transfer bare[] = { { 50 * MINUTE, LIN, false } }, noted[] = { { 50 * MINUTE, LIN, true } }, before[] = { { 25 * MINUTE, LIN, false } }, others[] = { { 25 * MINUTE, WANG, false } };
	const struct quality_talk bad = TALK(m, .transfers = bare, .transfer_count = 1), good = TALK(m, .transfers = noted, .transfer_count = 1), early = TALK(m, .transfers = before, .transfer_count = 1), not_hers = TALK(m, .transfers = others, .transfer_count = 1);
	expect(&bad, rule, "3");
	expect(&good, rule, "");
	expect(&early, rule, "");
	expect(&not_hers, rule, "1");
}

static void a_score_falls_and_one_fatal_is_enough(void **state)
{
	const struct quality_check rules[] = { { .weight = 30 }, { .weight = 5, .fatal = true } };
	const struct quality_spot f[] = { { .rule = 0 }, { .rule = 0 }, { .rule = 0 }, { .rule = 1 } };
	const bool without[] = { true, true, false, false }, last[] = { false, false, false, true };
	bool fatal;
	assert_int_equal(quality_score(f, 0, rules, NULL, &fatal), 100);
	assert_int_equal(quality_score(f, 2, rules, NULL, &fatal), 40);
	assert_int_equal(quality_score(f, 4, rules, without, &fatal), 40);
	assert_false(fatal);
	assert_int_equal(quality_score(f, 4, rules, last, &fatal), 0);
	assert_true(fatal);
}

/* Drawn conversations */

static uint64_t random_state;
static uint64_t draw(uint64_t most)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % most;
}

static const char *const texts[] = { "您好", "修好了吗？", "稍后给您回电", "笨 蛋", "冒烟了", "请断开电源", "我要退货", "How can I help you", "", "验证码发我", "感谢来电，再见", "\xff\xfe坏\xc3", NULL };

struct drawn {
	struct quality_message m[MOST];
	time_ms done[2];
	struct quality_transfer t[1];
	struct quality_talk talk;
};

static void draw_talk(struct drawn *d)
{
	time_ms at = 0;
	size_t n = draw(MOST);
	for (size_t i = 0; i < n; i++) {
		at += (time_ms)draw(15) * MINUTE;
		d->m[i] = (struct quality_message){ .no = (int64_t)i + 1, .at = at, .side = (enum quality_side)draw(4), .is_public = draw(5) > 0, .by = LIN, .text = texts[draw(sizeof(texts) / sizeof(texts[0]))] };
	}
	d->done[0] = (time_ms)draw(100) * MINUTE;
	d->done[1] = (time_ms)draw(100) * MINUTE;
	d->t[0] = (struct quality_transfer){ (time_ms)draw(100) * MINUTE, LIN, draw(2) };
	d->talk = (struct quality_talk){ .messages = d->m, .n = n, .done = d->done, .done_count = draw(3), .transfers = d->t, .transfer_count = draw(2), .taken_at = (time_ms)draw(20) * MINUTE, .now = at + (time_ms)draw(40) * MINUTE };
	d->talk.closed_at = draw(2) ? d->talk.now : 0;
}

static size_t all_rules(struct arena *a, struct quality_check *rules)
{
	for (size_t k = 0; k < QUALITY_KINDS; k++)
		rules[k] = (struct quality_check){ .kind = (enum quality_kind)k, .words = quality_words_new(a, "您好\n笨蛋\n给您回电\n？\n冒烟\n退货\n发*我"), .answers = quality_words_new(a, "断开电源\n退货"), .count = 1 + (int64_t)draw(3), .ms = (int64_t)draw(20) * MINUTE, .weight = (int64_t)draw(40), .fatal = draw(6) == 0 };
	return QUALITY_KINDS;
}

static bool same(const struct quality_spot *a, size_t n, const struct quality_spot *b, size_t m)
{
	for (size_t i = 0; n == m && i < n; i++)
		if (a[i].rule != b[i].rule || a[i].no != b[i].no || a[i].from != b[i].from || a[i].to != b[i].to)
			return false;
	return n == m;
}

/* Each names a message and words that stand there; nothing changes before look_at; a finding more never lifts the score. */
static void what_holds_for_any(void **state)
{
	size_t some = 0, waits = 0;
	for (size_t round = 0; round < by_level(3000, 30000, 600000); round++) {
		ARENA_SCOPED a = arena_new();
		struct drawn d;
		struct quality_check rules[QUALITY_KINDS];
		struct quality_spot *f, *later;
		time_ms look, again;
		bool fatal;
		random_state = 88172645463325252u + round;
		draw_talk(&d);
		size_t count = all_rules(a, rules), n = quality_inspect(a, &d.talk, rules, count, &f, &look);
		int64_t before = 100;
		for (size_t i = 0; i < n; i++) {
			assert_in_range(f[i].no, 1, d.talk.n);
			const char *text = d.m[f[i].no - 1].text;
			assert_true(f[i].from <= f[i].to && f[i].to <= (text ? strlen(text) : 0));
			assert_true(i == 0 || f[i].no >= f[i - 1].no);
			int64_t score = quality_score(f, i + 1, rules, NULL, &fatal);
			assert_true(score >= 0 && score <= before);
			before = score;
		}
		struct quality_talk then = d.talk;
		if (look < FAR_FUTURE_MS && !d.talk.closed_at) {
			assert_true(look > d.talk.now);
			then.now = look - 1;
			size_t m = quality_inspect(a, &then, rules, count, &later, &again);
			if (!same(f, n, later, m))
				fail_msg("conversation %zu changes before it is to be looked at again", round);
			waits++;
		}
		some += n > 0;
	}
	assert_true(some > 1000 && waits > 100);
}

/* Whatever is put between its letters, a forbidden word is found, and where it does not stand it is not. */
static void no_disguise_hides_a_word(void **state)
{
	static const char *const between[] = { "", " ", "　", "\xe2\x80\x8b", "\t" };
	for (size_t round = 0; round < by_level(500, 5000, 50000); round++) {
		ARENA_SCOPED a = arena_new();
		struct text t = text_in(a);
		random_state = 1181783497276652981u + round;
		bool there = draw(2);
		text_append(&t, texts[draw(3)]);
		text_append(&t, "滚");
		text_append(&t, between[draw(5)]);
		text_append(&t, there ? "出" : "动");
		text_append(&t, between[draw(5)]);
		text_append(&t, "去");
		size_t from, to;
		assert_int_equal(quality_words_find(quality_words_new(a, "滚出去"), NULL, text_end(&t), &from, &to), there);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_width_and_case_hide_nothing), cmocka_unit_test(a_latin_word_is_a_word), cmocka_unit_test(a_star_stands_for_a_few_of_one_sentence),
		cmocka_unit_test(an_exception_excuses_what_begins_within_it), cmocka_unit_test(it_begins_and_ends_politely), cmocka_unit_test(only_what_staff_say_to_her_is_forbidden),
		cmocka_unit_test(a_promise_needs_something_put_down), cmocka_unit_test(a_question_is_answered), cmocka_unit_test(silence_counts_while_somebody_has_it),
		cmocka_unit_test(silence_counts_in_working_time), cmocka_unit_test(danger_is_answered_with_safety), cmocka_unit_test(a_need_is_met_by_words_or_by_deeds),
		cmocka_unit_test(her_language_is_kept), cmocka_unit_test(a_transfer_says_why), cmocka_unit_test(a_score_falls_and_one_fatal_is_enough),
		cmocka_unit_test(what_holds_for_any), cmocka_unit_test(no_disguise_hides_a_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
