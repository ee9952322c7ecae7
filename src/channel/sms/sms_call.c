/* SendSms of Aliyun (2017-05-25, help.aliyun.com/document_detail/419273.html) and of Tencent Cloud (2021-01-11, cloud.tencent.com/document/api/382/55981),
 * and a gateway of the company's own: POST {id, to, text, template}. */
#include "channel/sms/sms_call.h"

#include <string.h>

#include <yyjson.h>

#include "base/json.h"

enum { HEADS_MOST = 8, MESSAGE_CHARACTERS = 120 };

/* Templates ---------------------------------------------------------------------------------------------------------------- */

/* The next part before any of `ends`; *p moves behind it. */
static const char *part(struct arena *a, const char **p, const char *ends)
{
	*p += strspn(*p, " \t");
	size_t n = strcspn(*p, ends), kept = n;
	const char *from = *p;
	while (kept && strchr(" \t\r", from[kept - 1]))
		kept--;
	*p += n;
	return arena_string_n(a, from, kept);
}

static bool read_words(struct arena *a, const char *p, struct sms_template *out)
{
	out->word_count = 0;
	p += strspn(p, " \t");
	while (*p) {
		const char *one = part(a, &p, ","), *colon = strchr(one, ':');
		const char *theirs = colon ? arena_string_n(a, one, (size_t)(colon - one)) : one, *ours = colon ? colon + 1 : one;
		if (!text_is_word(theirs, "_") || !text_is_word(ours, "_") || out->word_count == SMS_WORDS_MOST)
			return false;
		out->theirs[out->word_count] = theirs;
		out->words[out->word_count++] = ours;
		p += *p == ',';
	}
	return true;
}

static bool read_line(struct arena *a, const char *line, struct sms_template *out)
{
	const char *p = line;
	out->name = part(a, &p, "=");
	if (*p++ != '=')
		return false;
	p += strspn(p, " \t");
	out->code = part(a, &p, " \t");
	return (text_is_word(out->name, "_") || text_equal(out->name, "*")) && text_is_word(out->code, "_") && read_words(a, p, out);
}

static const char *next_line(struct arena *a, const char **p)
{
	const char *line = part(a, p, "\n");
	*p += **p == '\n';
	return line;
}

bool sms_template_find(struct arena *a, const char *lines, const char *name, struct sms_template *out)
{
	struct sms_template one;
	bool found = false;
	for (const char *p = lines; *p;) {
		const char *line = next_line(a, &p);
		if (!*line || !read_line(a, line, &one))
			continue;
		if (text_equal(one.name, name)) {
			*out = one;
			return true;
		}
		if (text_equal(one.name, "*")) {
			*out = one;
			found = true;
		}
	}
	return found;
}

size_t sms_template_fault(struct arena *a, const char *lines)
{
	struct sms_template one;
	size_t no = 1;
	for (const char *p = lines; *p; no++) {
		const char *line = next_line(a, &p);
		if (*line && !read_line(a, line, &one))
			return no;
	}
	return 0;
}

/* Requests ----------------------------------------------------------------------------------------------------------------- */

static const char *value_of(const struct sms *m, const char *word)
{
	for (size_t i = 0; i < m->value_count; i++)
		if (text_equal(m->values[i].name, word))
			return m->values[i].value;
	return text_equal(word, "text") ? m->text : "";
}

static const char *host_of(struct arena *a, const char *url)
{
	const char *from = strstr(url, "://");
	from = from ? from + 3 : url;
	return arena_string_n(a, from, strcspn(from, "/?"));
}

static void head(struct http_pair *heads, size_t *n, const char *name, const char *value)
{
	heads[(*n)++] = (struct http_pair){ name, value };
}

/* Mainland numbers without their code, others with it and without the sign, as the document of SendSms wants them. */
static const char *aliyun_number(const char *to)
{
	return !strncmp(to, "+86", 3) ? to + 3 : *to == '+' ? to + 1 : to;
}

static void aliyun(struct arena *a, const struct sms_way *w, const struct sms *m, struct http_pair *heads, struct client_request *out)
{
	struct text params = text_in(a);
	const char *url = text_empty(w->url) ? "https://dysmsapi.aliyuncs.com" : w->url;
	text_char(&params, '{');
	for (size_t i = 0; i < m->template->word_count; i++) {
		text_append(&params, i ? "," : "");
		json_text(&params, m->template->theirs[i]);
		text_char(&params, ':');
		json_text(&params, value_of(m, m->template->words[i]));
	}
	text_char(&params, '}');
	const struct sms_pair pairs[] = {
		{ "PhoneNumbers", aliyun_number(m->to) }, { "SignName", w->sign_name }, { "TemplateCode", m->template->code }, { "TemplateParam", text_end(&params) }, { "OutId", m->id },
	};
	const struct acs3_request q = { host_of(a, url), sms_query(a, pairs, sizeof(pairs) / sizeof(pairs[0])), "SendSms", "2017-05-25", sms_acs3_date(a, w->now), w->nonce };
	head(heads, &out->header_count, "Authorization", sms_acs3_sign(a, &w->key, &q));
	head(heads, &out->header_count, "x-acs-action", q.action);
	head(heads, &out->header_count, "x-acs-version", q.version);
	head(heads, &out->header_count, "x-acs-date", q.date);
	head(heads, &out->header_count, "x-acs-signature-nonce", q.nonce);
	head(heads, &out->header_count, "x-acs-content-sha256", sms_acs3_no_body);
	out->url = arena_format(a, "%s/?%s", url, q.query);
	out->body = (struct bytes){ (const uint8_t *)"", 0 };
}

static void tencent(struct arena *a, const struct sms_way *w, const struct sms *m, struct http_pair *heads, struct client_request *out)
{
	struct text t = text_in(a);
	const char *url = text_empty(w->url) ? "https://sms.tencentcloudapi.com" : w->url;
	text_append(&t, "{\"PhoneNumberSet\":[");
	json_text(&t, m->to);
	text_append(&t, "],\"SmsSdkAppId\":");
	json_text(&t, w->app_id);
	text_append(&t, ",\"SignName\":");
	json_text(&t, w->sign_name);
	text_append(&t, ",\"TemplateId\":");
	json_text(&t, m->template->code);
	text_append(&t, ",\"TemplateParamSet\":[");
	for (size_t i = 0; i < m->template->word_count; i++) {
		text_append(&t, i ? "," : "");
		json_text(&t, value_of(m, m->template->words[i]));
	}
	text_append(&t, "],\"SessionContext\":");
	json_text(&t, m->id);
	text_char(&t, '}');
	const struct tc3_request q = { host_of(a, url), "sms", text_end(&t), w->now / SECOND_MS };
	head(heads, &out->header_count, "Authorization", sms_tc3_sign(a, &w->key, &q));
	head(heads, &out->header_count, "Content-Type", "application/json; charset=utf-8");
	head(heads, &out->header_count, "X-TC-Action", "SendSms");
	head(heads, &out->header_count, "X-TC-Version", "2021-01-11");
	head(heads, &out->header_count, "X-TC-Timestamp", arena_format(a, "%lld", (long long)q.timestamp));
	head(heads, &out->header_count, "X-TC-Region", text_empty(w->region) ? "ap-guangzhou" : w->region);
	out->url = url;
	out->body = (struct bytes){ (const uint8_t *)q.body, strlen(q.body) };
}

static void generic(struct arena *a, const struct sms_way *w, const struct sms *m, struct http_pair *heads, struct client_request *out)
{
	struct text t = text_in(a);
	text_append(&t, "{\"id\":");
	json_text(&t, m->id);
	text_append(&t, ",\"to\":");
	json_text(&t, m->to);
	text_append(&t, ",\"text\":");
	json_text(&t, m->text);
	text_append(&t, ",\"template\":");
	json_text(&t, m->name);
	text_char(&t, '}');
	head(heads, &out->header_count, "Content-Type", "application/json");
	head(heads, &out->header_count, "Idempotency-Key", m->id);
	if (!text_empty(w->key.secret))
		head(heads, &out->header_count, "Authorization", arena_format(a, "Bearer %s", w->key.secret));
	const char *body = text_end(&t);
	out->url = w->url;
	out->body = (struct bytes){ (const uint8_t *)body, strlen(body) };
}

void sms_call(struct arena *a, const struct sms_way *w, const struct sms *m, struct client_request *out)
{
	struct http_pair *heads = ARENA_ARRAY(a, struct http_pair, HEADS_MOST);
	*out = (struct client_request){ .method = "POST", .headers = heads };
	if (text_equal(w->kind, "aliyun"))
		aliyun(a, w, m, heads, out);
	else if (text_equal(w->kind, "tencent"))
		tencent(a, w, m, heads, out);
	else
		generic(a, w, m, heads, out);
}

/* Answers ------------------------------------------------------------------------------------------------------------------ */

/* help.aliyun.com/document_detail/101346.html, cloud.tencent.com/document/api/382/59177 and …/52078. */
static const struct {
	const char *code;
	enum sms_verdict verdict;
	const char *zh, *en;
} codes[] = {
	{ "OK", SMS_SENT, "", "" }, { "Ok", SMS_SENT, "", "" },
	{ "isv.BUSINESS_LIMIT_CONTROL", SMS_LATER, "这个号码收到的短信太频繁（服务商限流）", "This number was sent too many messages (limit of the vendor)" },
	{ "Throttling.User", SMS_LATER, "调用服务商接口太频繁", "Too many calls of the vendor's API" },
	{ "isp.SYSTEM_ERROR", SMS_LATER, "短信服务商系统异常", "The vendor has a fault" },
	{ "isp.RAM_PERMISSION_DENY", SMS_SETUP, "AccessKey 没有短信权限，请在阿里云 RAM 授权", "The AccessKey may not send SMS: grant it in RAM" },
	{ "isv.AMOUNT_NOT_ENOUGH", SMS_SETUP, "短信服务余额不足，请充值", "The account has no money left" },
	{ "isv.OUT_OF_SERVICE", SMS_SETUP, "短信服务已停机，请检查账户", "The service is stopped: look after the account" },
	{ "isv.SMS_SIGNATURE_ILLEGAL", SMS_SETUP, "短信签名不存在或未审核通过", "The signature does not exist or is not approved" },
	{ "isv.SMS_TEMPLATE_ILLEGAL", SMS_SETUP, "短信模板不存在或未审核通过", "The template does not exist or is not approved" },
	{ "isv.TEMPLATE_MISSING_PARAMETERS", SMS_SETUP, "模板缺少变量，请核对模板对应关系里的变量", "The template wants more values: look at its line here" },
	{ "isv.TEMPLATE_PARAMS_ILLEGAL", SMS_NEVER, "模板变量的内容不符合服务商要求", "A value does not fit what the vendor allows" },
	{ "isv.MOBILE_NUMBER_ILLEGAL", SMS_NEVER, "手机号格式不正确", "No such number" },
	{ "isv.BLACK_KEY_CONTROL_LIMIT", SMS_NEVER, "内容包含服务商禁止的词", "The text has words that the vendor forbids" },
	{ "isv.PARAM_LENGTH_LIMIT", SMS_NEVER, "变量内容太长", "A value is too long" },
	{ "SignatureDoesNotMatch", SMS_SETUP, "AccessKey Secret 不正确", "The AccessKey secret is wrong" },
	{ "InvalidAccessKeyId.NotFound", SMS_SETUP, "AccessKey ID 不存在", "There is no such AccessKey ID" },
	{ "InvalidTimeStamp.Expired", SMS_SETUP, "服务器时间与服务商相差超过 15 分钟，请校时", "The clock of this server is more than 15 minutes off" },
	{ "AuthFailure.SignatureFailure", SMS_SETUP, "SecretKey 不正确", "The SecretKey is wrong" },
	{ "AuthFailure.SecretIdNotFound", SMS_SETUP, "SecretId 不存在", "There is no such SecretId" },
	{ "AuthFailure.SignatureExpire", SMS_SETUP, "服务器时间与服务商相差太大，请校时", "The clock of this server is too far off" },
	{ "AuthFailure.UnauthorizedOperation", SMS_SETUP, "密钥没有短信权限，请在访问管理里授权", "The key may not send SMS: grant it" },
	{ "FailedOperation.SignatureIncorrectOrUnapproved", SMS_SETUP, "短信签名不存在或未审核通过", "The signature does not exist or is not approved" },
	{ "FailedOperation.TemplateIncorrectOrUnapproved", SMS_SETUP, "短信模板不存在或未审核通过", "The template does not exist or is not approved" },
	{ "FailedOperation.InsufficientBalanceInSmsPackage", SMS_SETUP, "短信套餐余量不足，请购买", "The package of messages is used up" },
	{ "UnauthorizedOperation.SmsSdkAppIdVerifyFail", SMS_SETUP, "SmsSdkAppId 不属于这个账号", "The SmsSdkAppId belongs to another account" },
	{ "InvalidParameterValue.TemplateParameterFormatError", SMS_NEVER, "模板变量的内容不符合服务商要求", "A value does not fit what the vendor allows" },
	{ "InvalidParameterValue.IncorrectPhoneNumber", SMS_NEVER, "手机号格式不正确", "No such number" },
	{ "FailedOperation.PhoneNumberInBlacklist", SMS_NEVER, "号码在服务商的黑名单里（客户可能退订过）", "The vendor has the number on its list of those who opted out" },
	{ "FailedOperation.ContainSensitiveWord", SMS_NEVER, "内容包含服务商禁止的词", "The text has words that the vendor forbids" },
	{ "LimitExceeded.PhoneNumberThirtySecondLimit", SMS_LATER, "这个号码收到的短信太频繁（服务商限流）", "This number was sent too many messages (limit of the vendor)" },
	{ "LimitExceeded.PhoneNumberOneHourLimit", SMS_LATER, "这个号码收到的短信太频繁（服务商限流）", "This number was sent too many messages (limit of the vendor)" },
	{ "LimitExceeded.PhoneNumberDailyLimit", SMS_NEVER, "这个号码今天收到的短信已达服务商上限", "This number was sent as many messages today as the vendor allows" },
	{ "RequestLimitExceeded", SMS_LATER, "调用服务商接口太频繁", "Too many calls of the vendor's API" },
	{ "InternalError", SMS_LATER, "短信服务商系统异常", "The vendor has a fault" },
	{ "DELIVRD", SMS_SENT, "", "" },
	{ "no_channel", SMS_SETUP, "没有启用的短信网关", "No SMS gateway is on" },
	{ "no_template", SMS_SETUP, "短信网关没有这类消息的模板，也没有“*”模板", "The gateway has no template for such messages, and none for \"*\"" },
	{ "opted_out", SMS_NEVER, "客户已退订短信", "The customer has opted out of SMS" },
	{ "outbound_refused", SMS_SETUP, "不允许访问短信网关的地址，请让运维人员把它加入 outbound-allow", "This server may not call the gateway's address: ask the operator to add it to outbound-allow" },
};

static enum sms_verdict verdict_of(const char *code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (text_equal(codes[i].code, code))
			return codes[i].verdict;
	return SMS_NEVER;
}

const char *sms_code_words(const char *code, enum lang lang)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (text_equal(codes[i].code, code))
			return lang == LANG_EN ? codes[i].en : codes[i].zh;
	return "";
}

static const char *string_of(struct arena *a, yyjson_val *of, const char *name)
{
	const char *text = yyjson_get_str(yyjson_obj_get(of, name));
	return text ? arena_string_n(a, text, utf8_prefix(text, MESSAGE_CHARACTERS)) : "";
}

/* 408 and 429 say "later"; any other 4xx says "never". */
static enum sms_verdict by_status(int status)
{
	if (status >= 200 && status < 300)
		return SMS_SENT;
	return status >= 500 || status == 408 || status == 429 ? SMS_LATER : SMS_NEVER;
}

void sms_answer_read(struct arena *a, const char *kind, int status, struct bytes body, struct sms_answer *out)
{
	yyjson_doc *doc = yyjson_read((const char *)body.p, body.n, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc), *at = root;
	bool tencent = text_equal(kind, "tencent");
	if (tencent) {
		yyjson_val *response = yyjson_obj_get(root, "Response"), *error = yyjson_obj_get(response, "Error");
		at = error ? error : yyjson_arr_get_first(yyjson_obj_get(response, "SendStatusSet"));
	}
	*out = (struct sms_answer){ .code = string_of(a, at, "Code"), .message = string_of(a, at, "Message"), .serial = string_of(a, at, tencent ? "SerialNo" : "BizId") };
	if (text_equal(kind, "generic"))
		out->serial = string_of(a, root, "id");
	yyjson_doc_free(doc);
	bool told = *out->code && !text_equal(kind, "generic");
	out->verdict = told ? verdict_of(out->code) : by_status(status);
	if (!told && status >= 200 && status < 300 && !text_equal(kind, "generic"))
		out->verdict = SMS_LATER;       /* 200 without a word of theirs: a proxy in between, not the vendor */
	if (!told && out->verdict != SMS_SENT)
		out->code = arena_format(a, "HTTP %d", status);
}
