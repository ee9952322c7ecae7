/* Signatures against the examples of the vendors' own documents, requests against what the documents say they look like. */
#include "channel/sms/sms_call.h"

#include <string.h>

#include "base/crypto.h"
#include "base/test.h"

/* help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature, "固定参数示例" */
static void test_acs3_signs_as_the_document_does(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct sms_pair pairs[] = { { "RegionId", "cn-shanghai" }, { "ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd" } };
	const struct acs3_request q = { "ecs.cn-shanghai.aliyuncs.com", sms_query(a, pairs, 2), "RunInstances", "2014-05-26", sms_acs3_date(a, 1698315752000), "3156853299f313e23d1673dc12e1703d" };
	assert_string_equal(sms_acs3_sign(a, &(struct sms_key){ "YourAccessKeyId", "YourAccessKeySecret" }, &q),
	                    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
	                    "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}

/* cloud.tencent.com/document/api/382/52072, the example of DescribeInstances */
static void test_tc3_signs_as_the_document_does(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct tc3_request q = { "cvm.tencentcloudapi.com", "cvm", "{\"Limit\": 1, \"Filters\": [{\"Values\": [\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}", 1551113065 };
	assert_string_equal(sms_tc3_sign(a, &(struct sms_key){ "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" }, &q),
	                    "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
	                    "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
}

static void test_a_query_is_sorted_and_encoded(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct sms_pair pairs[] = { { "b", "a b*~" }, { "a", "安心" } };
	assert_string_equal(sms_query(a, pairs, 2), "a=%E5%AE%89%E5%BF%83&b=a%20b%2A~");
}

static void test_templates_are_lines(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *lines = "ticket_received = SMS_1 no, customer:name\r\n\n* = SMS_9 text\n";
	struct sms_template t;
	assert_int_equal(sms_template_fault(a, lines), 0);
	assert_true(sms_template_find(a, lines, "ticket_received", &t));
	assert_string_equal(t.code, "SMS_1");
	assert_int_equal(t.word_count, 2);
	assert_string_equal(t.theirs[1], "customer");
	assert_string_equal(t.words[1], "name");
	assert_true(sms_template_find(a, lines, "anything", &t));
	assert_string_equal(t.code, "SMS_9");
	assert_false(sms_template_find(a, "x = SMS_1", "anything", &t));
	assert_int_equal(sms_template_fault(a, "x = SMS_1\ny SMS_2"), 2);
	assert_int_equal(sms_template_fault(a, "x = SMS_1 a b"), 1);
	assert_int_equal(sms_template_fault(a, "x = 短信 a"), 1);
}

static void call(struct arena *a, const char *kind, struct client_request *q)
{
	static const struct sms_template template = { .name = "ticket_received", .code = "SMS_1", .theirs = { "no", "customer" }, .words = { "no", "name" }, .word_count = 2 };
	const struct sms_pair values[] = { { "name", "张\"三" }, { "no", "SR1" } };
	const struct sms_way w = { .kind = kind, .url = text_equal(kind, "generic") ? "https://sms.example.cn/send" : "", .sign_name = "安心", .app_id = "1400006666", .key = { "id", "secret" }, .now = 1698315752000, .nonce = "n" };
	sms_call(a, &w, &(struct sms){ .id = "7", .to = "+8613912345678", .text = "全文", .name = "ticket_received", .template = &template, .values = values, .value_count = 2 }, q);
}

static const char *head_of(const struct client_request *q, const char *name)
{
	for (size_t i = 0; i < q->header_count; i++)
		if (!strcmp(q->headers[i].name, name))
			return q->headers[i].value;
	return NULL;
}

static void test_aliyun_is_asked_by_query(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct client_request q;
	call(a, "aliyun", &q);
	assert_string_equal(q.url, "https://dysmsapi.aliyuncs.com/?OutId=7&PhoneNumbers=13912345678&SignName=%E5%AE%89%E5%BF%83&TemplateCode=SMS_1&"
	                           "TemplateParam=%7B%22no%22%3A%22SR1%22%2C%22customer%22%3A%22%E5%BC%A0%5C%22%E4%B8%89%22%7D");
	assert_string_equal(head_of(&q, "x-acs-action"), "SendSms");
	assert_string_equal(head_of(&q, "x-acs-date"), "2023-10-26T10:22:32Z");
	assert_int_equal(q.body.n, 0);
}

static void test_tencent_is_asked_in_json_with_values_in_order(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct client_request q;
	call(a, "tencent", &q);
	assert_string_equal(q.url, "https://sms.tencentcloudapi.com");
	assert_string_equal((const char *)q.body.p, "{\"PhoneNumberSet\":[\"+8613912345678\"],\"SmsSdkAppId\":\"1400006666\",\"SignName\":\"安心\",\"TemplateId\":\"SMS_1\","
	                                            "\"TemplateParamSet\":[\"SR1\",\"张\\\"三\"],\"SessionContext\":\"7\"}");
	assert_string_equal(head_of(&q, "X-TC-Region"), "ap-guangzhou");
	assert_string_equal(head_of(&q, "X-TC-Timestamp"), "1698315752");
}

static void test_a_gateway_of_ones_own_takes_any_text(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct client_request q;
	call(a, "generic", &q);
	assert_string_equal((const char *)q.body.p, "{\"id\":\"7\",\"to\":\"+8613912345678\",\"text\":\"全文\",\"template\":\"ticket_received\"}");
	assert_string_equal(head_of(&q, "Idempotency-Key"), "7");
	assert_string_equal(head_of(&q, "Authorization"), "Bearer secret");
}

static struct sms_answer read(struct arena *a, const char *kind, int status, const char *body)
{
	struct sms_answer out;
	sms_answer_read(a, kind, status, (struct bytes){ (const uint8_t *)body, strlen(body) }, &out);
	return out;
}

static void test_answers_say_sent_later_never_or_set_up_wrongly(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct sms_answer said = read(a, "aliyun", 200, "{\"Code\":\"OK\",\"Message\":\"OK\",\"BizId\":\"900619746936498440^0\",\"RequestId\":\"x\"}");
	assert_int_equal(said.verdict, SMS_SENT);
	assert_string_equal(said.serial, "900619746936498440^0");
	assert_int_equal(read(a, "aliyun", 200, "{\"Code\":\"isv.BUSINESS_LIMIT_CONTROL\"}").verdict, SMS_LATER);
	assert_int_equal(read(a, "aliyun", 403, "{\"Code\":\"SignatureDoesNotMatch\"}").verdict, SMS_SETUP);
	assert_int_equal(read(a, "aliyun", 200, "{\"Code\":\"isv.MOBILE_NUMBER_ILLEGAL\"}").verdict, SMS_NEVER);
	assert_int_equal(read(a, "aliyun", 200, "<html>").verdict, SMS_LATER);
	said = read(a, "tencent", 200, "{\"Response\":{\"SendStatusSet\":[{\"SerialNo\":\"5000:1\",\"PhoneNumber\":\"+86\",\"Code\":\"Ok\",\"Message\":\"send success\"}],\"RequestId\":\"r\"}}");
	assert_int_equal(said.verdict, SMS_SENT);
	assert_string_equal(said.serial, "5000:1");
	said = read(a, "tencent", 200, "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureFailure\",\"Message\":\"x\"},\"RequestId\":\"r\"}}");
	assert_int_equal(said.verdict, SMS_SETUP);
	assert_true(*sms_code_words(said.code, LANG_ZH) != 0);
	assert_int_equal(read(a, "tencent", 502, "").verdict, SMS_LATER);
	assert_int_equal(read(a, "generic", 200, "").verdict, SMS_SENT);
	assert_int_equal(read(a, "generic", 422, "").verdict, SMS_NEVER);
	assert_int_equal(read(a, "generic", 429, "").verdict, SMS_LATER);
}

int main(void)
{
	if (crypto_start() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acs3_signs_as_the_document_does), cmocka_unit_test(test_tc3_signs_as_the_document_does), cmocka_unit_test(test_a_query_is_sorted_and_encoded),
		cmocka_unit_test(test_templates_are_lines), cmocka_unit_test(test_aliyun_is_asked_by_query), cmocka_unit_test(test_tencent_is_asked_in_json_with_values_in_order),
		cmocka_unit_test(test_a_gateway_of_ones_own_takes_any_text), cmocka_unit_test(test_answers_say_sent_later_never_or_set_up_wrongly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
