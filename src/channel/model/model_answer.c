#include "channel/model/model_answer.h"

#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "base/text.h"
#include "channel/model/model_request.h"

enum { DEPTH_MOST = 16 };
static const int64_t tokens_believed = 10 * 1000 * 1000;

static const struct { const char *zh, *en; } words[] = {
	[MODEL_SAID] = { "模型可以使用", "The model answers" },
	[MODEL_DECLINED] = { "模型拒绝回答测试问题，请检查服务商的内容过滤设置", "The model declines a harmless question: look at the filters of the provider" },
	[MODEL_CUT] = { "模型的回答被截断，可能是推理类模型，请换用对话模型", "The answer was cut: this may be a reasoning model, choose one for chat" },
	[MODEL_KEY] = { "密钥不正确或没有权限，请在服务商后台核对后重新填写", "The key is wrong or lacks the right: check it with the provider and enter it anew" },
	[MODEL_ABSENT] = { "没有这个地址或模型，请核对接口地址（通常以 /v1 结尾）和模型名称", "No such address or model: check the base address (it usually ends in /v1) and the name of the model" },
	[MODEL_BUSY] = { "调用太频繁，或服务商账户余额不足", "Too many calls, or the account with the provider is empty" },
	[MODEL_REFUSED] = { "服务商不接受这样的请求，请确认它兼容 OpenAI 的 chat/completions 接口", "The provider does not take such a request: see that it is compatible with chat/completions of OpenAI" },
	[MODEL_DOWN] = { "服务商暂时不可用，请稍后再试", "The provider is not available at the moment: try again later" },
	[MODEL_GARBAGE] = { "返回的不是 OpenAI 兼容的回答，请核对接口地址", "What came back is no answer of an OpenAI-compatible endpoint: check the base address" },
};

const char *model_verdict_words(enum model_verdict verdict, enum lang lang)
{
	return lang == LANG_EN ? words[verdict].en : words[verdict].zh;
}

enum model_verdict model_verdict_of(int status)
{
	if (status == 401 || status == 403)
		return MODEL_KEY;
	if (status == 404)
		return MODEL_ABSENT;
	if (status == 402 || status == 429)
		return MODEL_BUSY;
	return status >= 500 ? MODEL_DOWN : status >= 400 ? MODEL_REFUSED : MODEL_GARBAGE;
}

static int64_t count_of(yyjson_val *usage, const char *name)
{
	yyjson_val *v = yyjson_obj_get(usage, name);
	int64_t n = yyjson_is_int(v) ? yyjson_get_sint(v) : 0;
	return n > 0 && n <= tokens_believed ? n : 0;
}

/* Models that think aloud do so before they answer. */
static const char *behind_thoughts(const char *text)
{
	const char *end = strncmp(text, "<think>", 7) ? NULL : strstr(text, "</think>");
	return end ? end + 8 : text;
}

static const char *trimmed(struct arena *a, const char *text)
{
	text += strspn(text, " \t\r\n");
	size_t n = strlen(text);
	while (n && strchr(" \t\r\n", text[n - 1]))
		n--;
	return arena_string_n(a, text, n);
}

static enum model_verdict read_choice(struct arena *a, yyjson_val *root, const char **out)
{
	yyjson_val *choice = yyjson_arr_get_first(yyjson_obj_get(root, "choices")), *message = yyjson_obj_get(choice, "message");
	const char *why = yyjson_get_str(yyjson_obj_get(choice, "finish_reason")), *text = yyjson_get_str(yyjson_obj_get(message, "content"));
	if (!yyjson_is_obj(message))
		return MODEL_GARBAGE;
	if (!text_empty(yyjson_get_str(yyjson_obj_get(message, "refusal"))) || text_equal(why, "content_filter"))
		return MODEL_DECLINED;
	if (text_equal(why, "length"))
		return MODEL_CUT;
	if (!text || (why && strcmp(why, "stop")))
		return text_equal(why, "tool_calls") || text_equal(why, "function_call") ? MODEL_DECLINED : MODEL_GARBAGE;
	if (strlen(text) != yyjson_get_len(yyjson_obj_get(message, "content")) || !utf8_is_text(text, strlen(text)))
		return MODEL_GARBAGE;
	*out = trimmed(a, behind_thoughts(text));
	if (!**out || strstr(*out, MODEL_NO_ANSWER))
		return MODEL_DECLINED;
	return utf8_count(*out) > MODEL_ANSWER_CHARACTERS ? MODEL_CUT : MODEL_SAID;
}

void model_answer_read(struct arena *a, int status, const char *text, size_t n, struct model_answer *out)
{
	*out = (struct model_answer){ .verdict = model_verdict_of(status), .text = "" };
	if (status != 200 || n > MODEL_REPLY_MOST || !json_is_valid(text, n, DEPTH_MOST))
		return;
	yyjson_doc *doc = yyjson_read(text, n, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc), *usage = yyjson_obj_get(root, "usage");
	out->verdict = read_choice(a, root, &out->text);
	out->asked = count_of(usage, "prompt_tokens");
	out->said = count_of(usage, "completion_tokens");
	yyjson_doc_free(doc);
}
