/* What people write when they are angry, when they are not content, and what only sounds like it. */
#include "db/test.h"
#include "domain/conversation/emotion.h"

static void expect_all(enum emotion e, const char *const *texts)
{
	struct arena *a = arena_new();
	for (const char *const *t = texts; *t; t++) {
		enum emotion is = emotion_of(a, *t);
		if (is != e)
			fail_msg("%s: %d, not %d", *t, is, e);
	}
	arena_free(a);
}

static void anger(void **state)
{
	expect_all(EMOTION_ANGRY, (const char *const[]){
		"什么破机器，气死我了", "你们就是骗子", "垃圾产品，再也不买了", "什么态度！", "太过分了，欺负人", "我真的受够了", "忍无可忍", "你们到底管不管", "黑心商家", "岂有此理", "凭什么收我两百块",
		"服务太差了！！", "太让人失望了", "非常不满", "一直没人管，真的很生气", "他妈的又漏水", "别糊弄我", "This is ridiculous", "what a scam", "I am furious", "the worst service ever", "I am so disappointed", "fed up with this",
		"extremely frustrated", "都几次了还修不好？？？", NULL });
}

static void dissatisfaction(void **state)
{
	expect_all(EMOTION_UPSET, (const char *const[]){
		"有点失望", "我对这次维修不满", "修了三次还是这样", "打电话没人接", "等了一个星期了", "你们推来推去", "后悔买这个牌子", "又坏了", "给个差评", "怎么还没到", "师傅敷衍我", "有些无语", "服务差",
		"I am disappointed", "still waiting for the technician", "nobody came today", "this is a waste of time", "I am unhappy with it", "I am disappointed, someone said the delivery is today", NULL });
}

static void false_friends(void **state)
{
	expect_all(EMOTION_NONE, (const char *const[]){
		"冰箱制冷太好了", "投诉电话是多少", "滚筒洗衣机不转", "垃圾盒怎么拆", "扫地机吸不起大垃圾", "滚刷缠头发", "冰箱有恶心的味道", "保修不满一年可以换吗", "水箱水位不满", "信号很差连不上", "洗衣机转得太慢", "温度太低了",
		"不是投诉，就问一下", "燃气灶火大小怎么调", "怎么还没结束，一个程序要多久", "扫地机拖了地以后有水印", "空调开太大会感冒吗", "请问凭什么证件安装", "电视声音太小", "水烧到滚烫", "garbage disposal does not turn", "very cold inside",
		"热水器出的水太烫", "气泡水机生气泡太少", "没生气，就是问问", "画质很差怎么调", "", NULL });
}

static void thanks_calm_down(void **state)
{
	struct arena *a = arena_new();
	expect_all(EMOTION_CALM, (const char *const[]){ "谢谢", "解决了", "这次很满意", "thank you", NULL });
	assert_string_equal(emotion_after(a, "", "气死我了"), "angry");
	assert_string_equal(emotion_after(a, "angry", "冰箱不制冷"), "angry");
	assert_string_equal(emotion_after(a, "angry", "好的谢谢"), "");
	assert_string_equal(emotion_after(a, "angry", "有点失望"), "upset");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(anger), cmocka_unit_test(dissatisfaction), cmocka_unit_test(false_friends), cmocka_unit_test(thanks_calm_down) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
