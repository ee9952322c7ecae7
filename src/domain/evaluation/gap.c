/* Gathering what the bot left to people: alike in the pool, by vectors, kept in the writer. */
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/understand/understand.h"
#include "domain/bot/bot.h"
#include "domain/evaluation/evaluation_private.h"
#include "gen/evaluation_sql.h"

enum { AT_ONCE = 30, COMPARED_MOST = 1000, PAUSE_MS = 1000 };
#define LOOKED_MS (7 * DAY_MS)          /* a turn that found nobody for so long is not gathered */
#define ALIKE 0.62                      /* cosine, away from the middle of all */

struct gathered {
	int64_t turn_id, gap_id, at, is_new;
	const char *why;
	struct bytes vector;
};
static const struct member gathered_members[] = {
	MEMBER(struct gathered, turn_id, id), MEMBER(struct gathered, gap_id, id), MEMBER(struct gathered, at, time_ms), MEMBER(struct gathered, is_new, count), MEMBER(struct gathered, why, code),
	MEMBER(struct gathered, vector, bytes),
};
static const struct shape gathered_shape = SHAPE("gathered", struct gathered, gathered_members);

struct gathering {
	struct list items;
};
static const struct member gathering_members[] = { MEMBER(struct gathering, items, list, .shape = &gathered_shape, .most = AT_ONCE) };
static const struct shape gathering_shape = SHAPE("gathering", struct gathering, gathering_members);

/* In the pool ---------------------------------------------------------------------------------------------------------------- */

struct known_gap {
	int64_t id;
	struct bytes vector;
};

static const struct known_gap *alike(struct ctx *c, const struct known_gap *gaps, size_t n, const float *vector)
{
	const struct known_gap *best = NULL;
	double most = ALIKE;
	for (size_t i = 0; i < n && vector; i++) {
		float other[EMBED_SIZE];
		if (gaps[i].vector.n != sizeof(other))
			continue;
		memcpy(other, gaps[i].vector.p, sizeof(other));
		double near = classify_alike(understanding_basis(c->services->understanding), vector, other);
		if (near > most) {
			most = near;
			best = &gaps[i];
		}
	}
	return best;
}

static const char *why_of(const struct turns_in_vain_row *t)
{
	return text_empty(t->verdict) ? t->did : t->verdict;
}

static int look(struct ctx *c, void *arg)
{
	const char **answer = arg;
	struct turns_in_vain_row *turns;
	struct gaps_to_join_row *old;
	struct text t = text_in(c->arena);
	size_t n, known;
	TRY(turns_in_vain(c, c->now - LOOKED_MS, AT_ONCE, &turns, &n));
	TRY(gaps_to_join(c, COMPARED_MOST, &old, &known));
	struct known_gap *gaps = ARENA_ARRAY(c->arena, struct known_gap, known + n + 1);
	struct gathered *items = ARENA_ARRAY(c->arena, struct gathered, n + 1);
	for (size_t i = 0; i < known; i++)
		gaps[i] = (struct known_gap){ old[i].id, old[i].vector };
	for (size_t i = 0; i < n; i++) {
		struct understood u = { 0 };
		if (c->services->understanding)
			understanding_read(c->services->understanding, c->arena, turns[i].question, strlen(turns[i].question), &u);
		const struct known_gap *gap = alike(c, gaps, known, u.vector);
		const struct bytes vector = { (const uint8_t *)(u.vector ? (const void *)u.vector : ""), u.vector ? EMBED_SIZE * sizeof(float) : 0 };
		items[i] = (struct gathered){ .turn_id = turns[i].id, .gap_id = gap ? gap->id : new_id(c), .at = turns[i].created_at, .is_new = !gap, .why = why_of(&turns[i]), .vector = vector };
		if (!gap)
			gaps[known++] = (struct known_gap){ items[i].gap_id, vector };
	}
	json_write(&t, &gathering_shape, &(struct gathering){ .items = { items, n } });
	*answer = text_end(&t);
	return 0;
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	return readers_run(c->services->readers, &all, look, answer);
}

/* In the writer -------------------------------------------------------------------------------------------------------------- */

static int keep(struct ctx *c, const struct gathered *g)
{
	struct gap gap;
	if (g->is_new) {
		gap = (struct gap){ .tenant = c->tenant, .id = g->gap_id, .state = "open", .why = g->why, .article = "", .vector = g->vector.p ? g->vector : (struct bytes){ (const uint8_t *)"", 0 },
			.many = 1, .first_at = g->at, .last_at = g->at, .version = 1 };
		TRY(gap_row_insert(c, &gap));
	}
	int64_t put;
	TRY(gap_turn_put(c, g->turn_id, g->gap_id, g->at, &put));
	if (g->is_new || !put)
		return 0;
	TRY(gap_row_get(c, g->gap_id, &gap));
	gap.many++;
	gap.why = g->why;
	gap.last_at = g->at > gap.last_at ? g->at : gap.last_at;
	return gap_row_update(c, &gap);
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct gathering g;
	if (!answer)
		return 0;
	TRY(json_read(c->arena, &gathering_shape, answer, strlen(answer), &g, NULL, c->error));
	for (size_t i = 0; i < g.items.n; i++)
		TRY(keep(c, (const struct gathered *)g.items.at + i));
	return g.items.n == AT_ONCE ? job_add(c, new_id(c), gap_gather_job.name, c->now + PAUSE_MS, text_equal(job->unique_key, "gather") ? "more" : "gather", NULL) : 0;
}

const struct job_kind gap_gather_job = { .name = BOT_GAP_JOB, .call = call, .run = run, .attempts_most = 5 };
