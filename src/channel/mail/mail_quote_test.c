/* Where a quotation begins, in the forms that mail programs here write. */
#include "base/test.h"
#include "base/text.h"
#include "channel/mail/mail_quote.h"

static void split(const char *text, const char *said, const char *quoted_begins)
{
	ARENA_SCOPED a = arena_new();
	const char *own, *quoted;
	mail_split(a, text, &own, &quoted);
	assert_string_equal(own, said);
	assert_true(!strncmp(quoted, quoted_begins, strlen(quoted_begins)));
	assert_true(*quoted_begins || !*quoted);
}

static void quotations_of_chinese_programs_are_folded(void **state)
{
	split("洗衣机还是不转\n\n------------------ 原始邮件 ------------------\n发件人: \"客服\"\n您好", "洗衣机还是不转", "------");
	split("谢谢！\n\n在 2026年11月2日 10:22，安心客服 <help@anxin.cn> 写道：\n\n> 您好", "谢谢！", "在 2026年");
	split("好的\n\n发件人: 客服 <a@b.cn>\n发送时间: 2026年11月2日\n收件人: 王\n主题: 回复", "好的", "发件人:");
	split("收到\n安心 <help@anxin.cn> 于2026年11月2日周一 10:00写道：\n> 你好", "收到", "安心 <help");
	split("好\n---- 回复的原邮件 ----\n| 发件人 | 客服 |", "好", "----");
}

static void quotations_of_english_programs_are_folded(void **state)
{
	split("It works now.\n\nOn Mon, 2 Nov 2026 at 10:22, Anxin <help@anxin.cn> wrote:\n> Hello", "It works now.", "On Mon");
	split("It works.\n\nOn Mon, 2 Nov 2026 at 10:22, Anxin Service\n<help@anxin.cn> wrote:\n> Hello", "It works.", "On Mon");
	split("Yes\n\n-----Original Message-----\nFrom: a", "Yes", "-----");
	split("Yes\n\nFrom: Help <a@b.cn>\nSent: Monday\nTo: me\nSubject: x", "Yes", "From:");
	split("Yes\n> a\n> b\n", "Yes", "> a");
}

static void what_only_looks_like_a_quotation_is_said(void **state)
{
	split("发件人: 我是王先生，请回电", "发件人: 我是王先生，请回电", "");
	split("She wrote:\nplease help", "She wrote:\nplease help", "");
	split("From: Monday on it leaks", "From: Monday on it leaks", "");
	split("温度 > 40 度", "温度 > 40 度", "");
	split("", "", "");
}

static void answers_between_the_lines_are_not_folded_away(void **state)
{
	const char *text = "在 2026年11月2日，客服写道：\n> 型号？\nWM-1\n> 购买日期？\n去年";
	split(text, text, "");
	split("> 只有引用", "> 只有引用", "");
}

/* A stranger chooses how long it is: what each line costs must not grow with all that follow it. */
static void a_long_text_behind_a_quotation_is_split_at_once(void **state)
{
	enum { LINES = 700 * 1000 };
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	const char *own, *quoted;
	text_append(&t, "好的\n在 2026年11月2日，客服写道：\n> 型号？\n");
	for (int i = 0; i < LINES; i++)
		text_append(&t, "ab\n");
	mail_split(a, text_end(&t), &own, &quoted);
	assert_string_equal(own, "好的");
	assert_true(!strncmp(quoted, "在 2026年", 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotations_of_chinese_programs_are_folded), cmocka_unit_test(quotations_of_english_programs_are_folded),
		cmocka_unit_test(what_only_looks_like_a_quotation_is_said), cmocka_unit_test(answers_between_the_lines_are_not_folded_away),
		cmocka_unit_test(a_long_text_behind_a_quotation_is_split_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
