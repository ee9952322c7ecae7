/* The key, a try that says in words what is wrong, and what the days cost. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/trial.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/model/model_private.h"

enum { DAYS_SHOWN = 14 };

static int load(struct ctx *c, void *trial)
{
	struct trial *t = trial;
	struct model_account row;
	TRY(record_get(c, &model_account_record, t->id, &row));
	return model_open(c, &row, t->own);
}

/* Two texts, so that an endpoint that gives one vector for all is found. What it says of itself is what counts from now on. */
static int take_dimension(struct ctx *c, void *arg)
{
	const struct model_account *m = arg;
	TRY(model_dimension_put(c, m->id, m->dimension, NULL));
	return model_wake_embedding(c);
}

static void check_vectors(struct trial *t)
{
	static const char *const texts[] = { "空调不制冷", "how do I clean the filter" };
	struct model_opened *own = t->own;
	struct model_embedded e;
	model_embed(t->c, &(struct model_embed_asking){ .account = own, .task = MODEL_TRY, .texts = texts, .n = 2 }, &e);
	if (e.vectors && e.dimension != own->row.dimension) {
		own->row.dimension = e.dimension;
		struct write_request w = { .run = take_dimension, .arg = &own->row, .queue = QUEUE_JOBS, .ctx = ctx_as_system(t->c) };
		if (writer_run(t->c->services->writer, &w) < 0)
			return trial_say(t, false, "新的向量维度没有保存，请再试一次", "The new number of dimensions was not kept: try again");
	}
	const char *zh = e.vectors ? arena_format(t->c->arena, "向量接口可以使用：%lld 维，用时 %lld 毫秒", (long long)e.dimension, (long long)e.took_ms) : e.zh;
	const char *en = e.vectors ? arena_format(t->c->arena, "The endpoint gives vectors of %lld numbers; it took %lld ms", (long long)e.dimension, (long long)e.took_ms) : e.en;
	trial_say(t, e.vectors != NULL, zh, en);
}

/* Nothing of anybody's is sent. */
static void check(struct trial *t)
{
	if (((const struct model_opened *)t->own)->row.for_embed)
		return check_vectors(t);
	struct model_outcome outcome;
	model_ask(t->c, &(struct model_asking){ .account = t->own, .prompt = { .task = MODEL_TRY, .lang = LANG_EN, .question = "OK?" } }, &outcome);
	trial_say(t, outcome.answered, outcome.zh, outcome.en);
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	static const struct trial_kind kind = { .own = sizeof(struct model_opened), .load = load, .check = check, .once = true };
	trial_begin(r, c, &kind);
}

static int usage(struct ctx *c, const void *in, void *out)
{
	struct model_day *rows;
	struct tenant tenant;
	struct text t = text_in(c->arena);
	size_t n;
	TRY(tenant_row_get(c, &tenant));
	TRY(model_days(c, day_of(c->now, (int)tenant.zone_minutes) - DAYS_SHOWN, &rows, &n));
	text_format(&t, "{\"daily_tokens\":%lld,\"daily_embed_tokens\":%lld,\"items\":[", (long long)setting_of(c, SETTING_MODEL_DAILY_TOKENS), (long long)setting_of(c, SETTING_MODEL_DAILY_EMBED_TOKENS));
	for (size_t i = 0; i < n; i++) {
		char day[16];
		day_format(rows[i].day, day);
		text_format(&t, "%s{\"day\":\"%s\",\"calls\":%lld,\"tokens\":%lld,\"said\":%lld,\"held\":%lld,\"embed_tokens\":%lld}", i ? "," : "", day, (long long)rows[i].calls, (long long)rows[i].tokens, (long long)rows[i].said, (long long)rows[i].held,
		            (long long)rows[i].embed_tokens);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route model_routes[] = {
	ROUTE(POST, "/api/v1/model_account/{id}/secret", "model_account.change", WRITE, .body = BODY_JSON, .in = &model_secret_shape, .run = model_set_secret,
	      .zh = "大语言模型：设置密钥", .en = "Language model: set its key"),
	ROUTE(POST, "/api/v1/model_account/{id}/try", "model_account.change", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &id_shape, .raw = raw_try,
	      .zh = "大语言模型：测试", .en = "Language model: try it"),
	ROUTE(GET, "/api/v1/model_usage", "model_call.read", POOL, .out = &raw_shape, .run = usage, .zh = "大语言模型：每天的用量", .en = "Language models: what the days cost"),
};
const size_t model_route_count = sizeof(model_routes) / sizeof(model_routes[0]);
