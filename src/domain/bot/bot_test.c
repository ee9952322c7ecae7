/* What the bot decides: one test for each row of GB/T 47746—2026 that is a decision, and the words it hears. */
#include "base/words.h"
#include "db/test.h"
#include "domain/bot/bot_plan.h"

static const struct article_entry leak = { .code = "A02", .topic = "fault", .danger = "", .act = "report" };
static const struct article_entry gas = { .code = "D04", .topic = "safety", .danger = "gas", .act = "" };
static const struct article_entry refund = { .code = "O01", .topic = "order", .danger = "", .act = "return" };
static const struct article_entry progress = { .code = "R03", .topic = "service", .danger = "", .act = "progress" };
static const struct safety_rule smoke = { .danger = "smoke" };
static const struct classify_decision sure = { .kind = CLASSIFY_ANSWER, .confidence = 0.96, .inside = 1, .choice_count = 1 };
static const struct classify_decision between = { .kind = CLASSIFY_CLARIFY, .confidence = 0.4, .inside = 0.9, .choice_count = 3 };
static const struct classify_decision lost_inside = { .kind = CLASSIFY_UNKNOWN, .inside = 0.8 };
static const struct classify_decision outside = { .kind = CLASSIFY_UNKNOWN, .inside = 0.1 };

static struct bot_heard heard(const struct classify_decision *d, const struct article_entry *e)
{
	return (struct bot_heard){ .decision = d, .article = e, .asked_why = "" };
}

static void expect(struct bot_heard h, enum bot_did did, const char *why)
{
	struct bot_plan plan = bot_plan_of(&h);
	assert_int_equal(plan.did, did);
	assert_string_equal(plan.why, why);
}

static void HO_01_not_understood_beyond_a_threshold(void **state)
{
	struct bot_heard h = heard(&outside, NULL);
	expect(h, BOT_SORRY, "");
	h.misses = BOT_MISSES_MOST - 1;
	expect(h, BOT_HAND_OVER, "HO-01");
}

static void HO_02_customer_refuses_the_bot(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.says = SAYS_PERSON;
	expect(h, BOT_HAND_OVER, "HO-02");
}

static void HO_03_safety_topic_is_answered_and_handed_over(void **state)
{
	expect(heard(&sure, &gas), BOT_HAND_OVER, "HO-03");
}

static void HO_04_danger_goes_before_everything(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.danger = &smoke;
	h.says = SAYS_PERSON | SAYS_COMPLAINT;
	expect(h, BOT_HAND_OVER, "HO-04");
	struct bot_plan plan = bot_plan_of(&h);
	assert_true(plan.critical && plan.say_safety);
}

static void HO_05_no_answer_in_time(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.late = true;
	expect(h, BOT_HAND_OVER, "HO-05");
}

static void HO_06_negative_emotion_is_asked_first(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.says = SAYS_ANGRY;
	expect(h, BOT_ASK, "HO-06");
	h = (struct bot_heard){ .says = SAYS_YES, .pending = PENDING_PERSON, .asked_why = "HO-06" };
	expect(h, BOT_HAND_OVER, "HO-06");
	h.says = SAYS_PERSON;
	expect(h, BOT_HAND_OVER, "HO-06");
	h.says = SAYS_NO;
	expect(h, BOT_GREET, "");
}

static void HO_07_intent_to_complain_is_asked_first(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.says = SAYS_COMPLAINT | SAYS_ANGRY;
	expect(h, BOT_ASK, "HO-07");
}

static void HO_08_several_visits_and_dissatisfied(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.visits = BOT_VISITS_MANY;
	expect(h, BOT_ANSWER, "");
	h.says = SAYS_UNSOLVED;
	expect(h, BOT_HAND_OVER, "HO-08");
}

static void HO_09_elderly_people(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.says = SAYS_ELDERLY;
	expect(h, BOT_HAND_OVER, "HO-09");
}

static void HO_10_minors(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.says = SAYS_MINOR;
	expect(h, BOT_HAND_OVER, "HO-10");
}

static void HO_11_no_answer_in_the_knowledge_base(void **state)
{
	expect(heard(&lost_inside, NULL), BOT_HAND_OVER, "HO-11");
	expect(heard(NULL, NULL), BOT_HAND_OVER, "HO-11");
	expect(heard(&sure, NULL), BOT_HAND_OVER, "HO-11");
}

static void HO_12_seldom_asked(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.rare = true;
	expect(h, BOT_HAND_OVER, "HO-12");
}

/* What whoever takes over has to know is what it is about. */
static void who_only_asks_for_a_person_has_said_nothing_of_the_matter(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const char *const nothing[] = { "转人工", "我要转人工客服", "请帮我找人工", "转人工，谢谢！", "0", "没解决", "解决了", "好的", "你好", "人工客服" };
	static const char *const something[] = { "空调不制冷，转人工", "还是不制冷", "人工费多少钱", "冰箱", "洗衣机漏水找人工", "E3" };
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		if (!bot_says_nothing_else(a, nothing[i]))
			fail_msg("%s", nothing[i]);
	for (size_t i = 0; i < sizeof(something) / sizeof(something[0]); i++)
		if (bot_says_nothing_else(a, something[i]))
			fail_msg("%s", something[i]);
}

/* HO-13 keyword, HO-14 menu, HO-15 key, HO-16 voice: what recognises speech gives the same words with its slips. */
static void HO_13_to_16_every_route_leads_to_a_person(void **state)
{
	struct arena *a = arena_new();
	const char *const ways[] = { "转人工", "我要人工客服！", "0", "帮我转一下人工", "别用机器人糊弄我", "Can I talk to a human?", "Ａgent please" };
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!(bot_says(a, ways[i]) & SAYS_PERSON))
			fail_msg("%s", ways[i]);
	const char *const others[] = { "人工费怎么算", "你们是人工智能吗", "10", "E0", "找人安装要多少钱" };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (bot_says(a, others[i]) & SAYS_PERSON)
			fail_msg("%s", others[i]);
	arena_free(a);
}

static void HO_19_back_to_the_bot_only_with_consent(void **state)
{
	struct bot_heard h = { .pending = PENDING_BACK, .says = SAYS_YES, .asked_why = "" };
	expect(h, BOT_BACK, "");
	h.says = SAYS_NO;
	expect(h, BOT_ASK, "");
	h.says = 0;
	expect(h, BOT_ASK, "");
}

static void HO_20_money_is_confirmed_by_a_person(void **state)
{
	struct bot_heard h = heard(&sure, &leak);
	h.says = SAYS_MONEY;
	expect(h, BOT_HAND_OVER, "HO-20");
	h = heard(&sure, &refund);
	assert_true(bot_plan_of(&h).money);
}

static void what_it_knows_it_answers(void **state)
{
	expect(heard(&sure, &leak), BOT_ANSWER, "");
	expect(heard(&between, &leak), BOT_CLARIFY, "");
	expect(heard(&sure, &progress), BOT_OWN, "");
	struct bot_heard h = heard(&outside, NULL);
	h.own_code = &leak;
	expect(h, BOT_ANSWER, "");
	h = (struct bot_heard){ .says = SAYS_HELLO, .decision = &outside, .asked_why = "" };
	expect(h, BOT_GREET, "");
	h = (struct bot_heard){ .says = SAYS_SOLVED, .pending = PENDING_SOLVED, .decision = &outside, .asked_why = "" };
	expect(h, BOT_SOLVED, "");
	h.says = SAYS_UNSOLVED;
	expect(h, BOT_ASK, "HO-01");
}

static void words_mean_what_they_say_in_their_place(void **state)
{
	static const struct { const char *text; unsigned is, is_not; } all[] = {
		{ "我要投诉你们的师傅", SAYS_COMPLAINT, 0 }, { "不是投诉，就问一下", 0, SAYS_COMPLAINT }, { "滚筒洗衣机不转", 0, SAYS_ANGRY }, { "垃圾盒怎么拆", 0, SAYS_ANGRY },
		{ "什么破机器，气死我了", SAYS_ANGRY, 0 }, { "你好", SAYS_HELLO, 0 }, { "你好我的空调漏水", 0, SAYS_HELLO }, { "可以", SAYS_YES, 0 }, { "不可以", SAYS_NO, SAYS_YES },
		{ "弄坏了地板谁赔偿", SAYS_MONEY, 0 }, { "我是小学生，爸妈不在家", SAYS_MINOR, 0 }, { "我今年八十多岁了眼睛看不清", SAYS_ELDERLY, 0 }, { "", 0, ~0u },
		{ "The reagents drawer is stuck", 0, SAYS_PERSON }, { "Two agents hung up on me", SAYS_PERSON, 0 }, { "I am complaining about the engineer", SAYS_COMPLAINT, 0 }, { "It is unsolved", SAYS_UNSOLVED, SAYS_SOLVED }, { "It is resolved", SAYS_SOLVED, SAYS_UNSOLVED }, { "It is not resolved", SAYS_UNSOLVED, SAYS_SOLVED },
		{ "I will sue your company", SAYS_COMPLAINT, 0 }, { "Any discounts?", SAYS_MONEY, 0 },
		{ "It didn't work", SAYS_UNSOLVED, 0 }, { "thank  you", SAYS_THANKS, 0 }, { "No, thanks!", SAYS_NO, 0 }, { "What compensation is there", SAYS_MONEY, 0 },
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		unsigned said = bot_says(a, all[i].text);
		if ((said & all[i].is) != all[i].is || (said & all[i].is_not))
			fail_msg("%s: %x", all[i].text, said);
	}
	const char *const words[] = { "冒烟", "烟", NULL }, *const nots[] = { "烟机", NULL };
	assert_true(words_stand_in(a, "烟机冒烟", words, nots));
	assert_false(words_stand_in(a, "油烟机不转", words, nots));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(HO_01_not_understood_beyond_a_threshold), cmocka_unit_test(HO_02_customer_refuses_the_bot), cmocka_unit_test(HO_03_safety_topic_is_answered_and_handed_over),
		cmocka_unit_test(HO_04_danger_goes_before_everything), cmocka_unit_test(HO_05_no_answer_in_time), cmocka_unit_test(HO_06_negative_emotion_is_asked_first),
		cmocka_unit_test(HO_07_intent_to_complain_is_asked_first), cmocka_unit_test(HO_08_several_visits_and_dissatisfied), cmocka_unit_test(HO_09_elderly_people),
		cmocka_unit_test(HO_10_minors), cmocka_unit_test(HO_11_no_answer_in_the_knowledge_base), cmocka_unit_test(HO_12_seldom_asked),
		cmocka_unit_test(who_only_asks_for_a_person_has_said_nothing_of_the_matter),
		cmocka_unit_test(HO_13_to_16_every_route_leads_to_a_person), cmocka_unit_test(HO_19_back_to_the_bot_only_with_consent), cmocka_unit_test(HO_20_money_is_confirmed_by_a_person),
		cmocka_unit_test(what_it_knows_it_answers), cmocka_unit_test(words_mean_what_they_say_in_their_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
