/* Fetching, a few batches at a time, and learning once nothing is missing. */
#include "domain/knowledge/embedding_private.h"

#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/model_sql.h"

enum { BATCHES = 4, DOUBLED_MOST = 5 };
#define PAUSE_MS MINUTE_MS

/* What a step brings. */
struct fetched {
	struct bytes hash, vector;
};
static const struct member fetched_members[] = { MEMBER(struct fetched, hash, bytes), MEMBER(struct fetched, vector, bytes) };
static const struct shape fetched_shape = SHAPE("embedding_fetched", struct fetched, fetched_members);

struct step {
	struct list items, useless;
	const char *space;              /* "": there is no endpoint */
	int64_t account_id, dimension, failed, left;    /* left: more is missing */
};
static const struct member step_members[] = {
	MEMBER(struct step, items, list, .shape = &fetched_shape, .most = BATCHES * MODEL_BATCH), MEMBER(struct step, useless, list, .item = TYPE_bytes, .most = 500), MEMBER(struct step, space, code),
	MEMBER(struct step, account_id, id), MEMBER(struct step, dimension, count), MEMBER(struct step, failed, count), MEMBER(struct step, left, count),
};
static const struct shape step_shape = SHAPE("embedding_step", struct step, step_members);

/* In the pool -------------------------------------------------------------------------------------------------------------------------- */

struct looking {
	struct wants wants;
	struct model_opened account;
};

static int look(struct ctx *c, void *arg)
{
	struct looking *l = arg;
	const struct knowledge *k;
	TRY(knowledge_of(c, &k));
	TRY(wants_of(c, k, WANTS_LOOK, &l->wants));
	return l->wants.account.id ? model_for(c, MODEL_EMBED, &l->account) : 0;
}

/* The next that are missing, each once. */
static size_t next_batch(const struct wants *w, size_t *at, const struct wanted **out)
{
	size_t n = 0;
	for (; *at < w->n && n < MODEL_BATCH; ++*at) {
		const struct wanted *one = &w->at[*at];
		if (!one->there && (!*at || memcmp(one->hash, one[-1].hash, EMBED_HASH) != 0))
			out[n++] = one;
	}
	return n;
}

static bool fetch(struct ctx *c, struct looking *l, const struct wanted *const *batch, size_t n, struct step *s)
{
	const char *texts[MODEL_BATCH];
	struct model_embedded e;
	struct fetched *items = (struct fetched *)(uintptr_t)s->items.at;
	for (size_t i = 0; i < n; i++)
		texts[i] = batch[i]->sent;
	model_embed(c, &(struct model_embed_asking){ .account = &l->account, .task = MODEL_EMBED, .texts = texts, .n = n }, &e);
	if (!e.vectors)
		return false;
	l->account.row.dimension = s->dimension = e.dimension;
	for (size_t i = 0; i < n; i++) {
		uint8_t *packed = arena_alloc(c->arena, MODEL_VECTOR_BYTES);
		model_vector_pack(e.vectors + i * EMBED_SIZE, packed);
		items[s->items.n++] = (struct fetched){ { batch[i]->hash, EMBED_HASH }, { packed, MODEL_VECTOR_BYTES } };
	}
	return true;
}

static void fetch_some(struct ctx *c, struct looking *l, struct step *s)
{
	const struct wanted *batch[MODEL_BATCH];
	size_t at = 0, n;
	s->items.at = ARENA_ARRAY(c->arena, struct fetched, BATCHES * MODEL_BATCH);
	for (int i = 0; i < BATCHES && !s->failed && (n = next_batch(&l->wants, &at, batch)); i++)
		s->failed = !fetch(c, l, batch, n, s);
	s->left = l->wants.missing > s->items.n;
	s->account_id = l->wants.account.id;
	s->space = model_space_name(c->arena, &l->account.row, s->dimension);
}

static void give_up(struct ctx *c, const struct wants *w, struct step *s)
{
	struct bytes *useless = ARENA_ARRAY(c->arena, struct bytes, w->useless_count + 1);
	for (size_t i = 0; i < w->useless_count; i++)
		useless[i] = (struct bytes){ w->useless + i * EMBED_HASH, EMBED_HASH };
	s->useless = (struct list){ useless, w->useless_count };
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	struct looking l = { .account = { .secret = NULL } };
	struct step s = { .space = "" };
	struct text t = text_in(c->arena);
	if (!knowledge_spaces(c->services))
		return 0;
	TRY(readers_run(c->services->readers, &all, look, &l));
	if (l.wants.account.id) {               /* where there is none, one may have come by the time this is in the writer */
		s.dimension = l.wants.account.dimension;
		fetch_some(&all, &l, &s);
		if (!s.left)
			give_up(&all, &l.wants, &s);
	}
	json_write(&t, &step_shape, &s);
	*answer = text_end(&t);
	return 0;
}

/* In the writer -------------------------------------------------------------------------------------------------------------------------- */

static int keep(struct ctx *c, const struct step *s)
{
	const struct fetched *items = s->items.at;
	const struct bytes *useless = s->useless.at;
	for (size_t i = 0; i < s->items.n; i++)
		TRY(model_vector_put(c, s->space, items[i].hash, items[i].vector, NULL));
	for (size_t i = 0; i < s->useless.n; i++)
		TRY(model_vector_drop(c, s->space, useless[i], NULL));
	return s->left ? 0 : model_vectors_other(c, s->space, NULL);
}

/* What one job tells the next. */
struct so_far {
	int64_t failures;               /* in a row */
};
static const struct member so_far_members[] = { MEMBER(struct so_far, failures, count) };
static const struct shape so_far_shape = SHAPE("embedding_so_far", struct so_far, so_far_members);

/* Two names, for this job's row is there until it ends. */
static int again(struct ctx *c, const struct job *job, int64_t failures)
{
	const char *key = text_equal(job->unique_key, "embed") ? "more" : "embed";
	int64_t pause = failures ? PAUSE_MS << (failures > DOUBLED_MOST ? DOUBLED_MOST : failures - 1) : 0;
	return job_add(c, new_id(c), MODEL_EMBED_JOB, c->now + pause, key, arena_format(c->arena, "{\"failures\":%lld}", (long long)failures));
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct step s;
	struct so_far before;
	struct model_account m;
	if (!answer)
		return 0;
	TRY(json_read(c->arena, &so_far_shape, job->data, strlen(job->data), &before, NULL, c->error));
	TRY(json_read(c->arena, &step_shape, answer, strlen(answer), &s, NULL, c->error));
	TRY(model_row_for(c, MODEL_EMBED, &m));
	if (m.id != s.account_id)
		return m.id ? again(c, job, 0) : 0;
	if (!m.dimension && s.dimension) {
		TRY(model_dimension_put(c, m.id, s.dimension, NULL));
		m.dimension = s.dimension;
	}
	if (s.dimension && strcmp(model_space_name(c->arena, &m, m.dimension), s.space) != 0)   /* it was changed meanwhile */
		return again(c, job, 0);
	if (s.dimension)
		TRY(keep(c, &s));
	if (s.failed || s.left)
		return again(c, job, s.failed ? before.failures + 1 : 0);
	return job_add(c, new_id(c), "knowledge.learn", c->now, "learn", NULL);
}

const struct job_kind knowledge_embed_job = { .name = MODEL_EMBED_JOB, .call = call, .run = run };

/* In the thread that learns --------------------------------------------------------------------------------------------------------------- */

struct learning_of {
	const struct knowledge *k;
	struct wants wants;
};

static int look_all(struct ctx *c, void *arg)
{
	struct learning_of *l = arg;
	return wants_of(c, l->k, WANTS_FILL, &l->wants);
}

static int wake(struct ctx *c, void *arg) { return model_wake_embedding(c); }

static int have_fetched(struct ctx *c)
{
	struct write_request w = { .run = wake, .queue = QUEUE_JOBS, .ctx = ctx_as_system(c) };
	return writer_run(c->services->writer, &w);
}

int embedding_learn(struct ctx *c, const struct knowledge *k, const atomic_bool *closing)
{
	struct learning_of l = { .k = k };
	struct spaces *all = knowledge_spaces(c->services);
	const struct lesson **lessons;
	struct text out = text_in(c->arena);
	uint8_t sign[SPACE_SIGN];
	TRY(readers_run(c->services->readers, c, look_all, &l));
	if (!l.wants.account.id)
		return 0;
	if (l.wants.missing || l.wants.useless_count)
		TRY(have_fetched(c));
	if (l.wants.missing)
		return 0;
	struct space_course course = { .u = c->services->understanding, .source = &l.wants.source, .name = l.wants.space, .given_up = closing };
	course.before = spaces_find(all, c->arena, c->tenant);
	struct space_lesson *signs;
	course.lesson_count = embedding_lessons(c->arena, k, &lessons, &signs);
	course.lessons = signs;
	space_sign(course.u, course.name, signs, course.lesson_count, sign);
	if (course.before && !memcmp(course.before->sign, sign, SPACE_SIGN))
		return 0;
	int r = space_learn(&course, &out);
	if (r == ERR_BUSY)
		return 0;       /* the server ends, and learns it when it is back */
	TRY(r);
	return spaces_keep(all, c->tenant, (struct bytes){ (const uint8_t *)out.p, out.n });
}
