/* Vectors by way of the ledger and the guarded client. */
#include <string.h>

#include "base/crypto.h"
#include "channel/model/model_embedding.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/model/model_private.h"
#include "net/client.h"

const char *model_space_name(struct arena *a, const struct model_account *m, int64_t dimension)
{
	uint8_t hash[HASH_SIZE];
	const char *name = arena_format(a, "%s\n%s\n%lld", m->base_url, m->model, (long long)dimension);
	hash_sha256(name, strlen(name), hash);
	return hex(a, hash, 16);
}

struct call {
	const struct model_embed_asking *q;
	struct model_entry entry;
	struct model_embedded *out;
};

/* Whatever the other dimension means, its vectors are not those that are kept. */
static void take(struct ctx *c, struct call *k, const struct model_embedding *e, struct model_outcome *words)
{
	const int64_t known = k->q->account->row.dimension;
	if (e->verdict != MODEL_SAID)
		return;
	k->out->dimension = (int64_t)e->dimension;
	if (known && known != k->out->dimension && k->q->task != MODEL_TRY) {
		k->entry.outcome = CALL_FAILED;
		k->entry.reason = "dimension";
		words->zh = arena_format(c->arena, "向量维度变了：原来 %lld，现在 %lld。请按“测试”改用新的维度", (long long)known, (long long)k->out->dimension);
		words->en = arena_format(c->arena, "Vectors have %lld numbers now, not %lld: press Try to take the new ones", (long long)k->out->dimension, (long long)known);
		return;
	}
	k->out->vectors = e->vectors;
}

static void call(struct ctx *c, struct call *k, const struct text *body, struct model_outcome *words)
{
	struct client_reply reply;
	struct model_embedding e;
	const struct model_post_options o = { .path = "embeddings", .timeout_ms = k->q->timeout_ms, .reply_most = MODEL_VECTORS_MOST };
	time_ms from = clock_now(c->services->clock);
	int r = model_post(c, k->q->account, &o, body, &reply);
	k->entry.took_ms = k->out->took_ms = clock_now(c->services->clock) - from;
	if (r < 0)
		return model_missed(c, &k->entry, words, r, &reply);
	model_embedding_read(c->arena, reply.status, (const char *)reply.body.p, reply.body.n, k->q->n, &e);
	k->entry.answer = (struct model_answer){ .verdict = e.verdict, .asked = e.asked };
	model_judge(&k->entry, reply.status, words);
	if (e.verdict == MODEL_GARBAGE || e.verdict == MODEL_REFUSED) {
		words->zh = "返回的不是 OpenAI 兼容的向量，请核对接口地址和模型名称（要用向量模型，不是对话模型）";
		words->en = "What came back are no vectors of an OpenAI-compatible endpoint: check the base address, and that the model is one for embeddings";
	}
	take(c, k, &e, words);
}

void model_embed(struct ctx *c, const struct model_embed_asking *q, struct model_embedded *out)
{
	const struct model_asking ledger = { .account = q->account, .prompt = { .task = q->task }, .conversation_id = q->conversation_id, .no = q->no };
	struct call k = { .q = q, .entry = { .q = &ledger, .reason = "" }, .out = out };
	struct model_outcome words = { .zh = "服务器没有开通对外访问", .en = "This server calls nobody" };
	struct text body = text_in(c->arena);
	struct error before = *c->error;
	*out = (struct model_embedded){ .zh = words.zh, .en = words.en };
	if (!c->services->sender || !q->n || q->n > MODEL_BATCH)
		return;
	model_embedding_write(&body, q->account->row.model, q->texts, q->n);
	k.entry.tokens = model_request_tokens(body.n);
	int r = model_entry_begin(c, &k.entry);
	if (r == 0 && k.entry.outcome != CALL_OPEN) {
		model_not_called(&k.entry, &words);
	} else if (r == 0) {
		call(c, &k, &body, &words);
		r = model_entry_end(c, &k.entry);
	}
	out->zh = words.zh;
	out->en = words.en;
	if (r < 0) {
		out->vectors = NULL;    /* what stands in no ledger is not used */
		error_take_back(c->error, &before);
	}
}
