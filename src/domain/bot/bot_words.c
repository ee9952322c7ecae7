/* Lists of words, and how they are looked for. */
#include "domain/bot/bot_words.h"

#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "domain/conversation/conversation.h"
#include "engine/retrieve/normal.h"

/* nots: what holds such a word and means something else; it is cut out first. */
struct word_list {
	unsigned bit;
	const char *const *words, *const *nots;
	bool whole;                     /* the message says nothing else */
};
#define WORDS (const char *const[])

static const struct word_list lists[] = {
	{ SAYS_PERSON, WORDS{ "转人工", "人工", "真人", "找人", "客服小姐", "不要机器人", "不跟机器人", "不想和机器人", "别用机器人", "换个人", "叫个人", "找个人", "活人", "来个人", "叫你们的人", "接线员", "坐席",
		"agent", "human", "human being", "real person", "real people", "representative", "talk to someone", "speak to someone", "operator", NULL },
	  WORDS{ "人工智能", "人工费", "人工多少钱", "人工收费", "免人工", "找人安装", "找人修", "找人帮忙抬", "人工清洁", "人工清洗", "user agent", "cleaning agent", "operator panel", NULL } },
	{ SAYS_COMPLAINT, WORDS{ "投诉", "举报", "曝光你们", "12315", "消协", "工商局", "市场监管", "告你们", "起诉", "律师", "服务态度", "态度太差", "态度恶劣", "乱收费", "complain", "complained", "complaining", "complaint", "sue you", "sue your", "lawyer", NULL },
	  WORDS{ "投诉电话是多少", "不投诉", "不是投诉", "不想投诉", "没想投诉", NULL } },
	{ SAYS_ELDERLY, WORDS{ "老人家", "我年纪大", "我岁数大", "眼睛看不清", "眼神不好", "耳朵不好", "我是老年人", "我是老人", "老太太我", "老头子我", "七十多岁", "八十多岁", "九十多岁", "我七十", "我八十", "不会用手机", "不会打字", "看不懂这个",
		"im old", "i am old", "elderly", "my eyes are", NULL },
	  WORDS{ NULL } },
	{ SAYS_MINOR, WORDS{ "我是小学生", "我是初中生", "我上小学", "我才十岁", "我今年八岁", "我今年九岁", "我今年十岁", "我今年11岁", "我今年12岁", "我今年13岁", "我未成年", "爸妈不在家", "爸爸妈妈不在家", "家里没大人", "大人不在家", "家里就我一个小孩",
		"im a child", "i am a child", "my parents are not home", "my parents arent home", NULL },
	  WORDS{ NULL } },
	{ SAYS_MONEY, WORDS{ "赔偿", "赔我", "赔多少", "怎么赔", "赔不赔", "补偿", "退我钱", "退钱", "退款多少", "能退多少", "给我退", "退一赔", "假一赔", "便宜点", "优惠多少", "打几折", "减免", "报价", "修一下多少", "修要多少钱",
		"compensate", "compensated", "compensation", "compensatory", "compensating", "refund me", "how much will you pay", "discount", "discounted", "quote", "quoted", "quotation", NULL },
	  WORDS{ NULL } },
	{ SAYS_UNSOLVED, WORDS{ "没解决", "还是不", "还是没", "没用", "不管用", "没好", "照样", "没弄好", "解决不了", "试过了不行", "都试过了", "not solved", "not resolved", "unsolved", "unresolved", "still not", "still nothing", "did not work", "didnt work", "does not help", "doesnt help", NULL },
	  WORDS{ "没用过", "没用几", "没用多久", "还是不了", "还是不用", "还是不要", "还是没有货", NULL } },
	{ SAYS_SOLVED, WORDS{ "解决了", "好了谢谢", "可以用了", "弄好了", "搞定", "恢复正常了", "solved", "resolved", "works now", "fixed it", NULL }, WORDS{ "没解决了", "解决了吗", "not solved", "not resolved", NULL } },
	{ SAYS_YES, WORDS{ "是", "是的", "对", "对的", "好", "好的", "可以", "行", "嗯", "嗯嗯", "要", "要的", "需要", "同意", "ok", "yes", "yeah", "sure", "y", "可以/yes", NULL }, WORDS{ NULL }, true },
	{ SAYS_NO, WORDS{ "不", "不是", "不用", "不用了", "不要", "不行", "不可以", "不同意", "否", "算了", "没有", "no", "nope", "n", "no thanks", "不用/no", "不用继续问", "no go on", NULL }, WORDS{ NULL }, true },
	{ SAYS_HELLO, WORDS{ "你好", "您好", "在吗", "在么", "在不在", "有人吗", "哈喽", "嗨", "hi", "hello", "hey", "早上好", "下午好", "晚上好", "喂", NULL }, WORDS{ NULL }, true },
	{ SAYS_THANKS, WORDS{ "谢谢", "谢谢你", "谢谢您", "多谢", "感谢", "辛苦了", "thanks", "thank you", "thx", "好的谢谢", "谢啦", NULL }, WORDS{ NULL }, true },
};

/* Knows which characters are traditional: made with the first question, for as long as the process lives, never changed. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct arena *plain_arena __attribute__((used));  /* held for as long as the process lives */
static const struct normal *plain;

static void make_plain(void)
{
	plain_arena = arena_new();
	plain = normal_new(plain_arena, NULL, 0);
}

const char *bot_fold(struct arena *a, const char *text)
{
	pthread_once(&once, make_plain);
	const char *normal = normal_text(a, plain, text, strlen(text));
	char *out = arena_alloc(a, strlen(normal) + 1), *p = out;
	for (const char *s = normal; *s; s++)
		*p++ = *s == ',' ? ' ' : *s;
	*p = '\0';
	return out;
}

const char *const *bot_fold_all(struct arena *a, const char *const *words)
{
	size_t n = 0;
	while (words && words[n])
		n++;
	const char **out = ARENA_ARRAY(a, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = bot_fold(a, words[i]);
	out[n] = NULL;
	return out;
}

bool bot_hears(struct arena *a, const char *folded, const char *const *words, const char *const *nots)
{
	struct arena_mark mark = arena_mark(a);
	bool has = words_stand_in(a, folded, bot_fold_all(a, words), bot_fold_all(a, nots));
	arena_rewind(a, mark);
	return has;
}

bool bot_means(struct arena *a, const char *folded, size_t i, const char *say)
{
	const char *number = arena_format(a, "%zu", i + 1);
	return words_same(folded, number) || (say && words_same(folded, bot_fold(a, say)));
}

bool bot_is_one_of(const char *folded, const char *const *words)
{
	for (const char *const *w = words; *w; w++)
		if (words_same(folded, *w))
			return true;
	return false;
}

unsigned bot_says(struct arena *a, const char *text)
{
	const char *folded = bot_fold(a, text);
	unsigned said = 0;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct word_list *l = &lists[i];
		if (l->whole ? bot_is_one_of(folded, l->words) : words_stand_in(a, folded, l->words, l->nots))
			said |= l->bit;
	}
	if (emotion_of(a, text) >= EMOTION_UPSET)
		said |= SAYS_ANGRY;
	/* The key of a telephone menu (HO-15). */
	return words_same(folded, "0") ? said | SAYS_PERSON : said;
}

/* What stands around the word that asks for a person. */
static const char *const polite[] = { "我要", "我想", "我", "要", "请", "帮", "给", "客服", "服务", "一下", "谢谢", "麻烦", "吧", "啊", "呢", "了", "的", "转接", "接", "转", "找", "到", "工", "please", "a", "to", NULL };

bool bot_says_nothing_else(struct arena *a, const char *text)
{
	static const unsigned alone = SAYS_PERSON | SAYS_SOLVED | SAYS_UNSOLVED | SAYS_YES | SAYS_NO | SAYS_HELLO | SAYS_THANKS;
	char *folded = arena_string(a, bot_fold(a, text));
	if (!(bot_says(a, text) & alone))
		return false;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i].bit & alone) {
			if (lists[i].whole && bot_is_one_of(folded, lists[i].words))
				return true;
			if (!lists[i].whole)
				words_cut(folded, lists[i].words);
		}
	words_cut(folded, polite);
	return folded[strspn(folded, (const char[]){ ' ', '0', WORDS_CUT, 0 })] == '\0';
}
