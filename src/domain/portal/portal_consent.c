/* What a customer allows: given and taken back with one touch, each with the text that she saw. */
#include "domain/portal/portal_consent.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "domain/customer/customer.h"
#include "gen/portal_sql.h"
#include "gen/schema.h"

/* A text that changes gets another version: whoever agreed to the old one is asked again. What the contract itself needs is not here. */
static const struct consent_text {
	const char *purpose, *version;
	struct label text;
} texts[] = {
	{ "survey", "2026-11", L("服务结束后，可通过电话或短信回访一次，了解是否满意。不用于其他目的。", "After a service we may call or write once to ask whether you were satisfied. For nothing else.") },
	{ "marketing", "2026-11", L("可通过短信或邮件发送新品与优惠信息，每月不超过两次。", "We may send news and offers by SMS or e-mail, at most twice a month.") },
	{ "remote", "2026-11", L("可读取您设备的故障记录和运行数据，用于远程诊断；不读取其他数据。", "We may read fault logs and run data of your devices for remote diagnosis; no other data.") },
};
enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };

static int newest(struct ctx *c, const char *purpose, struct consent **row, size_t *n)
{
	return consent_of_customer(c, c->auth->customer_id, purpose, row, n);
}

static void write_both(struct text *t, const char *name, struct label l)
{
	text_format(t, ",\"%s\":", name);
	json_label(t, l.zh, l.en);
}

static int write_one(struct ctx *c, const struct consent_text *x, struct text *t)
{
	struct consent *row;
	size_t n;
	TRY(newest(c, x->purpose, &row, &n));
	bool given = n && text_equal(row->state, "given");
	const struct choice *purpose = choice_find(consent_purposes, x->purpose);
	text_format(t, "{\"purpose\":\"%s\",\"version\":\"%s\",\"given\":%s,\"again\":%s,\"at\":%lld", x->purpose, x->version, given ? "true" : "false",
	            given && !text_equal(row->text_version, x->version) ? "true" : "false", n ? (long long)(given ? row->given_at : row->withdrawn_at) : 0LL);
	write_both(t, "label", (struct label){ purpose->zh, purpose->en });
	write_both(t, "text", x->text);
	text_char(t, '}');
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < TEXTS; i++) {
		if (i)
			text_char(&t, ',');
		TRY(write_one(c, &texts[i], &t));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct choose_in {
	const char *purpose, *version;
	int64_t given;
};
static const struct member choose_members[] = {
	MEMBER(struct choose_in, purpose, code, .flags = MEMBER_REQUIRED, .choices = consent_purposes),
	MEMBER(struct choose_in, version, code, .flags = MEMBER_REQUIRED, .most = 20),
	MEMBER(struct choose_in, given, flag, .flags = MEMBER_REQUIRED),
};
static const struct shape choose_shape = SHAPE("my_consent", struct choose_in, choose_members);

static const struct consent_text *text_of(const char *purpose)
{
	for (size_t i = 0; i < TEXTS; i++)
		if (text_equal(texts[i].purpose, purpose))
			return &texts[i];
	return NULL;
}

static void set(const struct record_model *m, struct slot *slots, uint64_t *present, const char *name, struct slot value)
{
	size_t i = field_index(m, name);
	slots[i] = value;
	*present |= UINT64_C(1) << i;
}

/* One row a purpose; its history keeps every change with the text that held then. */
static int store(struct ctx *c, const struct consent_text *x, bool given)
{
	const struct record_model *m = model_of(c, &consent_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	struct consent *before, row;
	uint64_t present = 0;
	size_t n;
	TRY(newest(c, x->purpose, &before, &n));
	set(m, slots, &present, "state", (struct slot){ .text = given ? "given" : "withdrawn" });
	set(m, slots, &present, "text_version", (struct slot){ .text = x->version });
	set(m, slots, &present, "source", (struct slot){ .text = "h5" });
	if (n)
		return record_change(c, &consent_record, before->id, before->version, slots, present, NULL, &row);
	set(m, slots, &present, "customer_id", (struct slot){ .i = c->auth->customer_id });
	set(m, slots, &present, "purpose", (struct slot){ .text = x->purpose });
	return record_create(c, &consent_record, slots, present, &row);
}

/* Only the text that is shown now can be agreed to; taking back needs none. A link to one ticket decides nothing. */
static int choose(struct ctx *c, const void *in, void *out)
{
	const struct choose_in *v = in;
	const struct consent_text *x = text_of(v->purpose);
	TRY(require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL));
	TRY(require(c, x != NULL, ERR_NOT_FOUND, NULL));
	TRY(require(c, !v->given || text_equal(v->version, x->version), ERR_STATE, NULL));
	TRY(store(c, x, v->given));
	return list(c, NULL, out);
}

const struct route portal_consent_routes[] = {
	ROUTE(GET, "/api/v1/my/consent", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = list, .zh = "我的同意", .en = "What I allow"),
	ROUTE(POST, "/api/v1/my/consent", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &choose_shape, .out = &raw_shape, .run = choose,
	      .zh = "同意或撤回", .en = "Allow something, or take it back"),
};
const size_t portal_consent_route_count = sizeof(portal_consent_routes) / sizeof(portal_consent_routes[0]);
