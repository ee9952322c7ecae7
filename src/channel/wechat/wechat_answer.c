/* The codes, one line each: developers.weixin.qq.com …/Global_Return_Code.html, developer.work.weixin.qq.com/document/path/90313. */
#include "channel/wechat/wechat_answer.h"

#include <yyjson.h>

#include "base/text.h"

enum { MESSAGE_CHARACTERS = 120 };

static const struct {
	int64_t code;
	enum wechat_verdict verdict;
	const char *zh, *en;
} codes[] = {
	{ 0, WECHAT_OK, "", "" },
	{ -1, WECHAT_BUSY, "微信系统繁忙，请稍后再试", "WeChat is busy, try again in a moment" },
	{ 40001, WECHAT_TOKEN, "AppSecret 不正确，或 access_token 已失效。请在微信后台重置并重新填写 AppSecret", "The AppSecret is wrong or the access token no longer holds: reset the secret and enter it anew" },
	{ 40014, WECHAT_TOKEN, "access_token 无效", "The access token is not valid" },
	{ 42001, WECHAT_TOKEN, "access_token 已过期", "The access token has expired" },
	{ 40013, WECHAT_ACCOUNT, "AppID 不正确，请与微信后台“开发 → 基本配置”核对", "The AppID is wrong: compare it with the console of WeChat" },
	{ 40125, WECHAT_ACCOUNT, "AppSecret 不正确，请在微信后台重置并重新填写", "The AppSecret is wrong: reset it and enter it anew" },
	{ 40164, WECHAT_ACCOUNT, "服务器的出口 IP 不在微信后台的 IP 白名单里，请添加", "The address of this server is not on WeChat's list of allowed ones: add it" },
	{ 40243, WECHAT_ACCOUNT, "AppSecret 已被冻结，请在微信后台解冻", "The AppSecret is frozen: release it in the console of WeChat" },
	{ 50002, WECHAT_ACCOUNT, "账号已被限制使用，请联系微信", "The account is restricted: ask WeChat" },
	{ 48001, WECHAT_ACCOUNT, "公众号没有客服消息的权限，请完成认证", "The account has no right to send customer-service messages: have it verified" },
	{ 60020, WECHAT_ACCOUNT, "服务器的出口 IP 不在企业微信的可信 IP 里，请添加", "The address of this server is not a trusted one of WeCom: add it" },
	{ 45009, WECHAT_BUSY, "今天的接口调用次数已用完", "The calls of this day are used up" },
	{ 45011, WECHAT_BUSY, "接口调用太频繁", "Too many calls at once" },
	{ 45015, WECHAT_WINDOW, "客户超过 48 小时没有来消息", "The customer has not written for 48 hours" },
	{ 45047, WECHAT_QUOTA, "客户来消息后可发的条数已用完", "The messages that may follow the customer's last one are used up" },
	{ 95001, WECHAT_QUOTA, "客户来消息后可发的条数已用完", "The messages that may follow the customer's last one are used up" },
	{ 95013, WECHAT_WINDOW, "会话已结束", "The session is over" },
	{ 95018, WECHAT_STATE, "会话当前由企业微信里的同事接待", "A colleague has the session in WeCom" },
	{ 48002, WECHAT_UNWILLING, "客户拒收消息", "The customer does not take messages" },
	{ 43004, WECHAT_UNWILLING, "客户没有关注公众号", "The customer does not follow the account" },
	{ 43101, WECHAT_UNWILLING, "客户没有同意接收订阅消息", "The customer has not agreed to subscribe messages" },
	{ 40007, WECHAT_MEDIA, "素材已过期，将重新上传", "The file is not kept there any more and is uploaded again" },
	{ 40003, WECHAT_FINAL, "openid 不属于这个公众号", "The openid belongs to another account" },
	{ 40037, WECHAT_FINAL, "模板 ID 不属于这个账号", "The template is not one of this account" },
	{ 41030, WECHAT_FINAL, "小程序里没有这个页面", "The mini-program has no such page" },
	{ 47003, WECHAT_FINAL, "关键词与微信模板不一致，或内容不符合要求", "The keywords are not those of WeChat's template, or a value is not allowed" },
	{ 45002, WECHAT_FINAL, "消息太长", "The message is too long" },
};

enum wechat_verdict wechat_verdict_of(int64_t code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return codes[i].verdict;
	return WECHAT_FINAL;
}

const char *wechat_code_words(int64_t code, enum lang lang)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return lang == LANG_EN ? codes[i].en : codes[i].zh;
	return "";
}

int wechat_answer_read(struct arena *a, const char *text, size_t n, struct wechat_answer *out)
{
	yyjson_doc *doc = yyjson_read(text, n, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc), *code = yyjson_obj_get(root, "errcode");
	bool good = yyjson_is_obj(root) && (!code || yyjson_is_int(code));
	if (good) {
		const char *message = yyjson_get_str(yyjson_obj_get(root, "errmsg"));
		*out = (struct wechat_answer){ .code = code ? yyjson_get_sint(code) : 0, .message = message ? arena_string_n(a, message, utf8_prefix(message, MESSAGE_CHARACTERS)) : "" };
		out->verdict = wechat_verdict_of(out->code);
	}
	yyjson_doc_free(doc);
	return good ? 0 : ERR_OUTBOUND;
}
