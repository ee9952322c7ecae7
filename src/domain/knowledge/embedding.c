/* What wants a vector, what is asked for, and how a decision comes about. */
#include "domain/knowledge/embedding_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/model_sql.h"

enum { PAGE = 2000, USELESS_MOST = 500 };

/* What wants a vector ---------------------------------------------------------------------------------------------------------------- */

size_t embedding_lessons(struct arena *a, const struct knowledge *k, const struct lesson ***lessons, struct space_lesson **signs)
{
	*lessons = ARENA_ARRAY(a, const struct lesson *, k->lesson_count + 1);
	*signs = ARENA_ARRAY(a, struct space_lesson, k->lesson_count + 1);
	for (size_t i = 0; i < k->lesson_count; i++) {
		(*lessons)[i] = &k->lessons[i].lesson;
		(*signs)[i] = (struct space_lesson){ k->lessons[i].lesson.product, k->lessons[i].sign };
	}
	return k->lesson_count;
}

static int by_hash(const void *x, const void *y) { return memcmp(((const struct wanted *)x)->hash, ((const struct wanted *)y)->hash, EMBED_HASH); }

static void want(struct arena *a, struct wants *w, const struct classify_phrasing *p, size_t n)
{
	uint8_t hash[HASH_SIZE];
	for (size_t i = 0; i < n; i++) {
		struct wanted *one = &w->at[w->n++];
		one->sent = model_redact(a, p[i].normal, NULL);
		one->phrasing = (struct classify_phrasing *)(uintptr_t)&p[i];   /* lessons_gather() made them for us */
		hash_sha256(one->sent, strlen(one->sent), hash);
		memcpy(one->hash, hash, EMBED_HASH);
	}
}

static bool is_same(const struct wants *w, size_t i, const uint8_t *hash) { return i < w->n && !memcmp(w->at[i].hash, hash, EMBED_HASH); }

/* One that is kept: walks both sorted lists along. */
static void meet(struct arena *a, struct wants *w, enum wants_how how, const struct model_vectors_page_row *row, size_t *at)
{
	float *vector = NULL;
	while (*at < w->n && memcmp(w->at[*at].hash, row->hash.p, EMBED_HASH) < 0)
		++*at;
	if (!is_same(w, *at, row->hash.p)) {
		if (w->useless_count < USELESS_MOST)
			memcpy(w->useless + EMBED_HASH * w->useless_count++, row->hash.p, EMBED_HASH);
		return;
	}
	if (how == WANTS_FILL) {
		vector = ARENA_ARRAY(a, float, EMBED_SIZE);
		model_vector_unpack(row->vector.p, vector);
	}
	for (; is_same(w, *at, row->hash.p); ++*at) {
		w->at[*at].there = true;
		w->at[*at].phrasing->vector = vector;
	}
}

static int read_vectors(struct ctx *c, struct wants *w, enum wants_how how)
{
	uint8_t after[EMBED_HASH] = { 0 };
	struct model_vectors_page_row *rows;
	size_t n = PAGE, at = 0;
	while (n == PAGE) {
		TRY(model_vectors_page(c, w->space, (struct bytes){ after, EMBED_HASH }, PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++)
			if (rows[i].hash.n == EMBED_HASH && rows[i].vector.n == MODEL_VECTOR_BYTES)
				meet(c->arena, w, how, &rows[i], &at);
		if (n)
			memcpy(after, rows[n - 1].hash.p, EMBED_HASH);
	}
	return 0;
}

int wants_of(struct ctx *c, const struct knowledge *k, enum wants_how how, struct wants *out)
{
	const struct lesson **lessons;
	struct space_lesson *signs;
	*out = (struct wants){ .space = "" };
	TRY(model_row_for(c, MODEL_EMBED, &out->account));
	if (!out->account.id)
		return 0;
	out->space = model_space_name(c->arena, &out->account, out->account.dimension);
	size_t n = embedding_lessons(c->arena, k, &lessons, &signs);
	TRY(lessons_gather(c->arena, c->services->understanding, lessons, n, NULL, &out->source));
	out->at = ARENA_ARRAY(c->arena, struct wanted, out->source.phrasing_count + out->source.outside_count + 1);
	out->useless = arena_alloc(c->arena, USELESS_MOST * EMBED_HASH);
	want(c->arena, out, out->source.phrasings, out->source.phrasing_count);
	want(c->arena, out, out->source.outside, out->source.outside_count);
	qsort(out->at, out->n, sizeof(*out->at), by_hash);
	if (out->account.dimension)
		TRY(read_vectors(c, out, how));
	for (size_t i = 0; i < out->n; i++) {
		bool first = !i || !is_same(out, i - 1, out->at[i].hash);
		out->distinct += first;
		out->missing += first && !out->at[i].there;
	}
	return 0;
}

/* Asking ------------------------------------------------------------------------------------------------------------------------------- */

/* By which this endpoint's vectors can be decided; NULL: none yet. */
static const struct space *space_for(struct ctx *c, const struct model_account *m)
{
	uint8_t root[SPACE_SIGN];
	struct spaces *all = knowledge_spaces(c->services);
	const struct space *s = all && m->id && m->dimension ? spaces_find(all, c->arena, c->tenant) : NULL;
	if (!s)
		return NULL;
	space_sign(c->services->understanding, model_space_name(c->arena, m, m->dimension), NULL, 0, root);
	return memcmp(root, s->root, SPACE_SIGN) ? NULL : s;
}

/* Questions whose vectors are worth asking for: there is an endpoint, and a space to decide by. */
struct embedding_plan {
	struct model_opened account;
	const char *telling[KNOWLEDGE_VECTORS_MOST];    /* as it will be looked for */
	const char *sent[KNOWLEDGE_VECTORS_MOST];       /* as it leaves the house */
	size_t n;
	uint8_t root[SPACE_SIGN];
};

static void plan_one(struct ctx *c, const char *text, const char *redacted, struct embedding_plan *p)
{
	struct understood told, left;
	understanding_read_words(c->services->understanding, c->arena, text, strlen(text), &told);
	understanding_read_words(c->services->understanding, c->arena, redacted, strlen(redacted), &left);
	const char *sent = model_redact(c->arena, left.telling, NULL);
	if (p->n == KNOWLEDGE_VECTORS_MOST || text_empty(told.telling) || text_empty(sent) || spaces_vector(knowledge_spaces(c->services), c->arena, c->tenant, p->root, told.telling))
		return;
	p->telling[p->n] = told.telling;
	p->sent[p->n++] = sent;
}

int knowledge_vectors_plan(struct ctx *c, const char *const *texts, const char *const *redacted, size_t n, struct embedding_plan **out)
{
	struct model_opened account;
	*out = NULL;
	if (!knowledge_spaces(c->services))
		return 0;
	TRY(model_for(c, MODEL_EMBED, &account));
	const struct space *s = space_for(c, &account.row);
	if (!s) {
		if (account.row.id && spaces_may_be_missed(knowledge_spaces(c->services), c->tenant, c->now))
			knowledge_learn(c);     /* another node has fetched, or the pack is new */
		return 0;
	}
	struct embedding_plan *p = *out = ARENA_NEW(c->arena, struct embedding_plan);
	p->account = account;
	memcpy(p->root, s->root, SPACE_SIGN);
	for (size_t i = 0; i < n; i++)
		plan_one(c, texts[i], redacted[i], p);
	return 0;
}

void knowledge_vectors_ask(struct ctx *c, const struct embedding_plan *p, unsigned timeout_ms, int64_t conversation_id, int64_t no)
{
	struct model_embedded e;
	if (!p || !p->n)
		return;
	model_embed(c, &(struct model_embed_asking){ .account = &p->account, .task = MODEL_EMBED, .texts = p->sent, .n = p->n, .timeout_ms = timeout_ms, .conversation_id = conversation_id, .no = no }, &e);
	for (size_t i = 0; e.vectors && i < p->n; i++)
		spaces_heard(knowledge_spaces(c->services), c->tenant, p->root, p->telling[i], e.vectors + i * EMBED_SIZE);
}

/* Deciding ----------------------------------------------------------------------------------------------------------------------------- */

const struct space *embedding_space(struct ctx *c)
{
	struct model_account row;
	struct error before = *c->error;
	if (model_row_for(c, MODEL_EMBED, &row) == 0)
		return space_for(c, &row);
	error_take_back(c->error, &before);
	return NULL;
}

/* In the last place of those that are offered. */
static void offer(const struct classify_decision *d, struct classify_decision *own)
{
	if (own->kind != CLASSIFY_CLARIFY || !d->choice_count)
		return;
	for (size_t i = 0; i < own->choice_count; i++)
		if (!strcmp(own->choices[i].id, d->choices[0].id))
			return;
	if (own->choice_count < CLASSIFY_CHOICES)
		own->choice_count++;
	own->choices[own->choice_count - 1] = d->choices[0];
}

void embedding_decide(struct ctx *c, const struct classify_ask *ask, struct classify_decision *own)
{
	struct spaces *all = knowledge_spaces(c->services);
	struct classify_decision d;
	struct classify_ask by = *ask;
	const struct space *s = all && !own->exact && spaces_has_heard(all, c->tenant) ? embedding_space(c) : NULL;
	by.vector = s ? spaces_vector(all, c->arena, c->tenant, s->root, ask->normal) : NULL;
	if (!by.vector)
		return;
	classify_decide(&s->basis, s->models, s->n, &by, NULL, &d);
	if (s->sure)
		*own = d;
	else
		offer(&d, own);
}

/* How far it is -------------------------------------------------------------------------------------------------------------------------- */

int embedding_state(struct ctx *c, const struct knowledge *k, const char **out)
{
	struct wants w;
	struct text t = text_in(c->arena);
	struct model_vectors_count_row kept;
	*out = "null";
	if (!knowledge_spaces(c->services))
		return 0;
	TRY(wants_of(c, k, WANTS_LOOK, &w));
	if (!w.account.id)
		return 0;
	const struct space *s = space_for(c, &w.account);
	TRY(model_vectors_count(c, w.space, &kept));
	text_format(&t, "{\"account\":\"%lld\",\"dimension\":%lld,\"wanted\":%zu,\"have\":%zu,\"kept\":%lld,\"state\":\"%s\"", (long long)w.account.id, (long long)w.account.dimension, w.distinct, w.distinct - w.missing, (long long)kept.n,
	            s ? s->sure ? "on" : "offers" : w.missing ? "fetching" : "learning");
	if (s) {
		const struct lesson **lessons;
		struct space_lesson *signs;
		uint8_t sign[SPACE_SIGN];
		size_t n = embedding_lessons(c->arena, k, &lessons, &signs);
		space_sign(c->services->understanding, w.space, signs, n, sign);
		text_format(&t, ",\"newest\":%s,\"samples\":%lld,\"first\":%.4f,\"first_by_words\":%.4f,\"answered\":%.4f,\"precision\":%.4f,\"confidence\":%.4f,\"oos_answered\":%.4f", memcmp(sign, s->sign, SPACE_SIGN) ? "false" : "true",
		            (long long)s->measured.samples, s->measured.first, s->measured.first_by_words, s->measured.answered, s->measured.precision, s->measured.confidence, s->measured.outside_answered);
	}
	text_char(&t, '}');
	*out = text_end(&t);
	return 0;
}
