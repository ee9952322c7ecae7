/* Reports: help.aliyun.com/zh/sms/developer-reference/smsreport-2, cloud.tencent.com/document/product/382/43547. Messages: …/smsup-2 and …/382/43548. */
#include "channel/sms/sms_arrive.h"

#include <string.h>
#include <strings.h>

#include <yyjson.h>

#include "base/crypto.h"
#include "base/text.h"

enum { BATCH_MOST = 500, CODE_CHARACTERS = 80 };

static const char *word(struct arena *a, yyjson_val *of, const char *name)
{
	yyjson_val *v = yyjson_obj_get(of, name);
	if (yyjson_is_str(v))
		return arena_string(a, yyjson_get_str(v));
	return yyjson_is_int(v) ? arena_format(a, "%lld", (long long)yyjson_get_sint(v)) : "";
}

static const char *short_word(struct arena *a, yyjson_val *of, const char *name)
{
	const char *text = word(a, of, name);
	return arena_string_n(a, text, utf8_prefix(text, CODE_CHARACTERS));
}

static bool aliyun(struct arena *a, yyjson_val *v, struct sms_arrived *out)
{
	yyjson_val *success = yyjson_obj_get(v, "success");
	if (success) {
		*out = (struct sms_arrived){ .is_report = true, .own_id = word(a, v, "out_id"), .serial = word(a, v, "biz_id"), .arrived = yyjson_get_bool(success), .code = short_word(a, v, "err_code") };
		return true;
	}
	*out = (struct sms_arrived){ .phone = word(a, v, "phone_number"), .text = word(a, v, "content"), .name = word(a, v, "sequence_id") };
	return true;
}

/* Theirs have no name: sender, second and words together are one. */
static const char *named(struct arena *a, const char *phone, const char *at, const char *text)
{
	uint8_t hash[HASH_SIZE];
	hash_sha256(text, strlen(text), hash);
	return arena_format(a, "%s/%s/%s", phone, at, hex(a, hash, 8));
}

static bool tencent(struct arena *a, yyjson_val *v, struct sms_arrived *out)
{
	const char *status = word(a, v, "report_status"), *phone = arena_format(a, "+%s%s", *word(a, v, "nationcode") ? word(a, v, "nationcode") : "86", word(a, v, "mobile"));
	if (*status) {
		*out = (struct sms_arrived){ .is_report = true, .own_id = "", .serial = word(a, v, "sid"), .arrived = text_equal(status, "SUCCESS"), .code = short_word(a, v, "errmsg") };
		return true;
	}
	*out = (struct sms_arrived){ .phone = phone, .text = word(a, v, "text"), .name = named(a, phone, word(a, v, "time"), word(a, v, "text")) };
	return true;
}

static bool generic(struct arena *a, yyjson_val *v, struct sms_arrived *out)
{
	const char *state = word(a, v, "state");
	if (*state)
		*out = (struct sms_arrived){ .is_report = true, .own_id = word(a, v, "id"), .serial = "", .arrived = text_equal(state, "arrived"), .code = short_word(a, v, "code") };
	else
		*out = (struct sms_arrived){ .phone = word(a, v, "from"), .text = word(a, v, "text"), .name = word(a, v, "id") };
	return true;
}

static bool is_whole(const struct sms_arrived *m)
{
	return m->is_report ? *m->own_id || *m->serial : *m->phone && *m->name && !text_empty(m->text);
}

int sms_arrive_read(struct arena *a, const char *kind, struct bytes body, struct sms_arrived **out, size_t *n)
{
	yyjson_doc *doc = yyjson_read((const char *)body.p, body.n, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc), *v;
	bool (*read)(struct arena *, yyjson_val *, struct sms_arrived *) = text_equal(kind, "aliyun") ? aliyun : text_equal(kind, "tencent") ? tencent : generic;
	size_t count = yyjson_is_arr(root) ? yyjson_arr_size(root) : yyjson_is_obj(root) ? 1 : 0;
	*n = 0;
	if (!count || count > BATCH_MOST) {
		yyjson_doc_free(doc);
		return ERR_BAD_REQUEST;
	}
	*out = ARENA_ARRAY(a, struct sms_arrived, count);
	for (size_t i = 0; i < count; i++) {
		v = yyjson_is_arr(root) ? yyjson_arr_get(root, i) : root;
		if (yyjson_is_obj(v) && read(a, v, &(*out)[*n]) && is_whole(&(*out)[*n]))
			++*n;
	}
	yyjson_doc_free(doc);
	return 0;
}

const char *sms_arrive_answer(const char *kind)
{
	return text_equal(kind, "aliyun") ? "{\"code\":0,\"msg\":\"接收成功\"}" : text_equal(kind, "tencent") ? "{\"result\":0,\"errmsg\":\"OK\"}" : "{}";
}

bool sms_opts_out(const char *text)
{
	static const char *const words[] = { "T", "TD", "N", "退订", "拒收", "回T", "STOP" };
	while (*text == ' ')
		text++;
	size_t n = strlen(text);
	while (n && strchr(" \r\n.", text[n - 1]))
		n--;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && !strncasecmp(words[i], text, n))
			return true;
	return false;
}
