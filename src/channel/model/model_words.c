#include "channel/model/model_words.h"

#include "base/text.h"

/* Chinese ones are looked for among the letters alone, English ones as whole beginnings of words: " free repair". */
struct list {
	enum model_fault fault;
	const char *const *zh, *const *en;
};
#define WORDS (const char *const[])

/* Of money and promises nothing is a model's to say, whatever a source says of it. */
static const struct list never[] = {
	{ MODEL_FAULT_PROMISE,
	  WORDS{ "退款", "退钱", "退费", "退全款", "退货款", "全额退", "赔偿", "赔付", "赔您", "赔你", "补偿", "理赔", "免费", "免单", "免收", "不收费", "不收钱", "不要钱", "分文不取", "白送", "返现", "返还", "红包", "代金券", "优惠券", "打折", "折扣", "抵扣", "降价",
		 "赠送", "赠品", "到账", "百分百", "包退", "包换", "保证退", "保证赔", "我们承诺", "公司承诺", "郑重承诺", "一定赔", "一定退", "延长保修", "终身保修", NULL },
	  WORDS{ " refund", " compensat", " reimburs", " voucher", " coupon", " discount", " cash back", " cashback", " money back", " free of charge ", " for free ", " at no cost ", " no charge ", " free repair", " free replace", " free of cost", " complimentary ", " waive", " gift card",
		 " we promise", " i promise", " we guarantee", " i guarantee", " extended warranty", " lifetime warranty", NULL } },
	{ MODEL_FAULT_DEED,
	  WORDS{ "已为您", "已经为您", "已给您", "已帮您", "已经帮您", "为您办理", "帮您办理", "为您申请", "为您登记", "为您预约", "为您安排", "我会安排", "马上安排", "安排师傅", "已派", "已登记", "已提交", "已取消", "已关闭工单", "工单已", "订单已", "已通知", "已升级为", "管理员权限", "权限已", "开发者模式", NULL },
	  WORDS{ " i have ", " i ve ", " we have ", " i will ", " we will ", " i ll ", " we ll ", " has been ", " have been ", " is now closed", " i am now ", " developer mode ", " admin mode ", NULL } },
};

/* May be said where the source says it: "重设 Wi-Fi 密码". */
static const struct list of_source[] = {
	{ MODEL_FAULT_REQUEST,
	  WORDS{ "密码", "验证码", "身份证", "银行卡", "卡号", "转账", "汇款", "打款", "付款", "支付", "收款", "充值", "扫码", "二维码", "加微信", "微信号", "微信", "支付宝", "加好友", "私聊", "qq", "拨打", "致电", "短信", "下载", "安装包", "链接", "网址", "点击这里", "钥匙", "承诺", "保证", "优惠", "绝对", "客服热线",
		 "忽略", "系统提示", "提示词", "指令", "越狱", NULL },
	  WORDS{ " password", " passcode", " one time code", " verification code", " credit card", " bank", " transfer", " pay ", " payment", " wechat", " whatsapp", " telegram", " call ", " text us", " download", " click", " link", " website", " scan ", " qr ", " guarantee", " promise",
		 " ignore", " system prompt", " instruction", " jailbreak", NULL } },
};

/* Words between single blanks, one before and one behind. */
static struct points spaced(struct arena *a, struct points s)
{
	struct points out = { ARENA_ARRAY(a, uint32_t, s.n + 3), 0 };
	out.at[out.n++] = ' ';
	for (size_t i = 0; i < s.n; i++)
		if (point_is_word(s.at[i]))
			out.at[out.n++] = s.at[i];
		else if (out.at[out.n - 1] != ' ')
			out.at[out.n++] = ' ';
	if (out.at[out.n - 1] != ' ')
		out.at[out.n++] = ' ';
	return out;
}

/* Letters thrown in between characters hide nothing either. */
static struct points han_alone(struct arena *a, struct points s)
{
	struct points out = { ARENA_ARRAY(a, uint32_t, s.n + 1), 0 };
	for (size_t i = 0; i < s.n; i++)
		if (point_is_han(s.at[i]))
			out.at[out.n++] = s.at[i];
	return out;
}

struct forms {
	struct points packed, han, spaced;
};

static struct forms forms_of(struct arena *a, struct points s)
{
	return (struct forms){ points_packed(a, s), han_alone(a, s), spaced(a, s) };
}

static bool says(struct arena *a, const struct forms *f, const char *word)
{
	return *word == ' ' ? points_have_text(a, f->spaced, word) : points_have_text(a, f->packed, word) || points_have_text(a, f->han, word);
}

/* The first of the words that is said, unless the sources (NULL: whatever they say) say it too. */
static bool one_of(struct arena *a, const char *const *words, const struct forms *answer, const struct forms *sources)
{
	for (; *words; words++)
		if (says(a, answer, *words) && !(sources && says(a, sources, *words)))
			return true;
	return false;
}

static enum model_fault look(struct arena *a, const struct list *lists, size_t n, const struct forms *answer, const struct forms *sources)
{
	for (size_t i = 0; i < n; i++)
		if (one_of(a, lists[i].zh, answer, sources) || one_of(a, lists[i].en, answer, sources))
			return lists[i].fault;
	return MODEL_FINE;
}

enum model_fault model_words_check(struct arena *a, struct points answer, struct points sources)
{
	const struct forms said = forms_of(a, answer), there = forms_of(a, sources);
	enum model_fault fault = look(a, never, sizeof(never) / sizeof(never[0]), &said, NULL);
	return fault ? fault : look(a, of_source, sizeof(of_source) / sizeof(of_source[0]), &said, &there);
}

/* Pages ------------------------------------------------------------------------------------------------------------------------ */

static bool is_dot(uint32_t p)
{
	return p == '.' || p == 0x3002 || p == 0xff61 || p == 0xb7;
}

/* Letters on both sides of a dot: "evil.example", "evil。com"; a number has digits there, a sentence a blank. */
static bool has_host(struct points s)
{
	for (size_t i = 1; i + 2 < s.n; i++)
		if (is_dot(s.at[i]) && (point_is_latin(s.at[i - 1]) || point_is_digit(s.at[i - 1])) && point_is_latin(s.at[i + 1]) && point_is_latin(s.at[i + 2]))
			return true;
	return false;
}

static bool has_markup(struct points s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if ((s.at[i] == '<' && (point_is_latin(s.at[i + 1]) || s.at[i + 1] == '/' || s.at[i + 1] == '!')) || (s.at[i] == ']' && s.at[i + 1] == '(') || (s.at[i] == '@' && point_is_latin(s.at[i + 1])) || (s.at[i] == '&' && s.at[i + 1] == '#'))
			return true;
	return false;
}

bool model_has_link(struct arena *a, struct points s)
{
	static const char *const marks[] = { "://", "www.", "mailto:", "javascript:", "data:", "tel:", "点com", "点cn", "dot com", "[dot]", "(dot)", "```", "%2f", NULL };
	for (const char *const *m = marks; *m; m++)
		if (points_have_text(a, s, *m))
			return true;
	return has_host(s) || has_markup(s);
}
