/* A table of few rows, indexed by a hash of everything that decides the answer, under one lock; nobody counts while holding it. The one longest
 * unused makes room. */
#include "core/list/count_shared.h"

#include <pthread.h>
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "core/auth/auth.h"
#include "core/record/narrowing.h"
#include "core/record/scope.h"
#include "core/services.h"

enum { ROWS = 1024, WAYS = 8, TAG = 32 };

struct shared_one {
	uint8_t tag[TAG];
	int64_t at_ms;          /* 0: nothing known yet */
	int64_t n, more;
	bool is_counting;
};

struct shared_counts {
	struct arena *arena;
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct key secret;
	struct shared_counts_stats stats;
	struct shared_one at[ROWS][WAYS];
};

struct shared_counts *shared_counts_new(void)
{
	struct arena *a = arena_new();
	struct shared_counts *s = ARENA_NEW(a, struct shared_counts);
	s->arena = a;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->done, NULL);
	crypto_random(&s->secret, sizeof(s->secret));
	return s;
}

void shared_counts_free(struct shared_counts *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->done);
	arena_free(s->arena);
}

void shared_counts_stats(struct shared_counts *s, struct shared_counts_stats *out)
{
	pthread_mutex_lock(&s->lock);
	*out = s->stats;
	pthread_mutex_unlock(&s->lock);
}

/* What the answer follows from ------------------------------------------------------------------------------------- */

static bool is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* `me`, `my_team`, `my_region`: one too many found costs sharing, one too few would show another person's number. */
static bool names_the_actor(const char *text)
{
	for (const char *p = text; p && (p = strchr(p, 'm')); p++) {
		bool begins = p == text || !is_of_word(p[-1]);
		if (begins && (!strncmp(p, "my_", 3) || (p[1] == 'e' && !is_of_word(p[2]))))
			return true;
	}
	return false;
}

static void add(struct text *t, const char *part)
{
	text_append(t, part ? part : "");
	text_char(t, '\n');
}

static void add_words(struct text *t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(t, words[i]);
	add(t, "");
}

/* What the role lets the actor see. Scopes below all rows hold the actor's own ones, so no two people share them. */
static void add_sight(struct text *t, struct ctx *c, const struct record *record, bool is_own)
{
	const struct auth *a = c->auth;
	const struct narrowing *narrowing = a->narrowing;
	text_format(t, "%lld\n", (long long)a->role_id);       /* fields of the company's own are shown by role */
	add_words(t, a->permissions, a->permission_count);
	add_words(t, a->masks, a->mask_count);
	for (size_t i = 0; narrowing && i < narrowing->n; i++) {
		const struct narrowing_rule *r = &narrowing->rules[i];
		const char *where = r->e.root ? expr_print(c->arena, &r->e) : "false";
		add(t, r->m->record->name);
		add(t, where);
		is_own = is_own || names_the_actor(where);
	}
	if (is_own || a->scope != SCOPE_ALL || record->audience)
		text_format(t, "%d %lld %lld %lld", (int)a->scope, (long long)a->user_id, (long long)a->team_id, (long long)a->region_id);
}

static void tag_of(const struct shared_counts *s, struct ctx *c, const struct record *record, const struct list_query *q, uint8_t tag[static TAG])
{
	struct text t = text_in(c->arena);
	text_format(&t, "%lld %lld\n", (long long)c->tenant, (long long)q->archived);
	add(&t, record->name);
	add(&t, q->filter);
	add(&t, q->condition);
	add(&t, q->q);
	if (c->auth)
		add_sight(&t, c, record, names_the_actor(q->filter) || names_the_actor(q->condition));
	const char *all = text_end(&t);
	hash_keyed(&s->secret, "count", all, t.n, tag, TAG);
}

/* The table ---------------------------------------------------------------------------------------------------------- */

static struct shared_one *find(struct shared_counts *s, const uint8_t tag[static TAG])
{
	struct shared_one *row = s->at[(tag[0] | tag[1] << 8) % ROWS], *oldest = NULL;
	for (int i = 0; i < WAYS; i++) {
		if (!memcmp(row[i].tag, tag, TAG))
			return &row[i];
		if (!row[i].is_counting && (!oldest || row[i].at_ms < oldest->at_ms))
			oldest = &row[i];
	}
	if (oldest) {
		*oldest = (struct shared_one){ 0 };
		memcpy(oldest->tag, tag, TAG);
	}
	return oldest;
}

/* True when the answer is there; else *mine is the place that the caller must fill, or NULL when there is none. */
static bool take(struct shared_counts *s, const uint8_t tag[static TAG], int64_t now, int64_t max_age_ms, struct shared_one *answer, struct shared_one **mine)
{
	struct shared_one *one;
	bool waited = false;
	pthread_mutex_lock(&s->lock);
	while ((one = find(s, tag)) && one->is_counting) {
		pthread_cond_wait(&s->done, &s->lock);
		waited = true;
	}
	int64_t age = one ? now - one->at_ms : 0;
	/* Who waited began before that count was ready: it is young, whatever its own clock says. */
	bool found = one && one->at_ms && ((age >= 0 && age <= max_age_ms) || (waited && age < 0));
	if (found) {
		*answer = *one;
		s->stats.shared++;
	} else {
		s->stats.counted++;
		if (one)
			one->is_counting = true;
	}
	*mine = found ? NULL : one;
	pthread_mutex_unlock(&s->lock);
	return found;
}

static void put(struct shared_counts *s, struct shared_one *mine, int result, int64_t now, int64_t n, int64_t more)
{
	pthread_mutex_lock(&s->lock);
	mine->is_counting = false;
	mine->at_ms = result < 0 ? 0 : now;
	mine->n = n;
	mine->more = more;
	pthread_cond_broadcast(&s->done);
	pthread_mutex_unlock(&s->lock);
}

int list_count_shared(struct shared_counts *s, struct ctx *c, const struct record *record, const struct list_query *q, int64_t max_age_ms, int64_t *n, int64_t *more)
{
	uint8_t tag[TAG];
	struct shared_one answer, *mine;
	if (!s || max_age_ms <= 0)
		return list_count(c, record, q, n, more);
	tag_of(s, c, record, q, tag);
	if (take(s, tag, c->now, max_age_ms, &answer, &mine)) {
		*n = answer.n;
		*more = answer.more;
		return 0;
	}
	int result = list_count(c, record, q, n, more);
	if (mine)
		put(s, mine, result, c->now, *n, *more);
	return result;
}
