/* A table of few rows, indexed by a hash of everything that decides the answer, under one lock. The lock is not held while one is made. */
#include "core/shared.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "core/auth/auth.h"

enum { TAG = 32 };

struct entry {
	uint8_t tag[TAG];
	char *text;                     /* NULL: nothing known yet */
	time_ms at;                     /* its maker's time: a clock that was moved makes it old, too */
	int64_t made_ns;
	bool under_way;
};

struct shared {
	struct shared_options o;
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct key secret;
	_Atomic uint64_t made, given;
	struct entry at[];              /* rows of so many ways */
};

struct shared *shared_new(const struct shared_options *o)
{
	struct shared *s = calloc(1, sizeof(*s) + o->rows * o->ways * sizeof(s->at[0]));
	if (!s)
		abort();
	s->o = *o;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->done, NULL);
	crypto_random(&s->secret, sizeof(s->secret));
	return s;
}

void shared_free(struct shared *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->o.rows * s->o.ways; i++)
		free(s->at[i].text);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->done);
	free(s);
}

void shared_stats(const struct shared *s, struct shared_stats *out)
{
	*out = (struct shared_stats){ atomic_load(&s->made), atomic_load(&s->given) };
}

/* Whose answer it is ----------------------------------------------------------------------------------------------------- */

static void add_words(struct text *t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_format(t, "%s\n", words[i]);
	text_char(t, '\n');
}

/* What the role lets the actor see, before what he asks: no words of his make it another's. */
static void add_sight(struct text *t, const struct auth *a, enum shared_who who)
{
	text_format(t, "%lld\n", (long long)a->role_id);       /* fields of the company's own are shown by role */
	add_words(t, a->permissions, a->permission_count);
	add_words(t, a->masks, a->mask_count);
	if (who == SHARED_BY_PERSON)
		text_format(t, "%d %lld %lld %lld", (int)a->scope, (long long)a->user_id, (long long)a->team_id, (long long)a->region_id);
	text_char(t, '\n');
}

static void tag_of(const struct shared *s, struct ctx *c, const struct shared_question *q, uint8_t tag[static TAG])
{
	struct text t = text_in(c->arena);
	text_format(&t, "%lld\n", (long long)c->tenant);
	if (c->auth)
		add_sight(&t, c->auth, q->who);
	text_append(&t, q->what);
	hash_keyed(&s->secret, "shared", text_end(&t), t.n, tag, TAG);
}

/* The table -------------------------------------------------------------------------------------------------------------- */

static struct entry *row_of(struct shared *s, const uint8_t tag[static TAG])
{
	return &s->at[(tag[0] | tag[1] << 8) % s->o.rows * s->o.ways];
}

static struct entry *find(struct shared *s, const uint8_t tag[static TAG])
{
	struct entry *row = row_of(s, tag);
	for (size_t i = 0; i < s->o.ways; i++)
		if (!memcmp(row[i].tag, tag, TAG))
			return &row[i];
	return NULL;
}

/* NULL while all are being made. */
static struct entry *take(struct shared *s, const uint8_t tag[static TAG])
{
	struct entry *row = row_of(s, tag), *oldest = NULL;
	for (size_t i = 0; i < s->o.ways; i++)
		if (!row[i].under_way && (!oldest || row[i].made_ns < oldest->made_ns))
			oldest = &row[i];
	if (!oldest)
		return NULL;
	free(oldest->text);
	*oldest = (struct entry){ 0 };
	memcpy(oldest->tag, tag, TAG);
	return oldest;
}

/* Who waited for an answer began before it was ready: it is young, whatever her own clock says. Requests that come together do not begin in the
 * order in which they ask. */
static bool is_fresh(const struct shared *s, const struct entry *e, time_ms now, int64_t life_ms, bool waited)
{
	int64_t age = now - e->at;
	if (!e->text)
		return false;
	if (s->o.age == SHARED_NOW)
		return !e->under_way && age <= life_ms && (age >= 0 || waited);
	return age > -life_ms && age < life_ms && monotonic_ns() - e->made_ns < life_ms * 1000000;
}

/* Locked. The answer, or the entry that the caller is to fill; neither: nothing is free. */
static struct entry *wait_for(struct shared *s, struct ctx *c, const uint8_t tag[static TAG], int64_t life_ms, const char **answer)
{
	struct entry *e;
	bool waited = false;
	while ((e = find(s, tag)) && !is_fresh(s, e, c->now, life_ms, waited) && e->under_way) {
		pthread_cond_wait(&s->done, &s->lock);
		waited = true;
	}
	if (e && is_fresh(s, e, c->now, life_ms, waited)) {
		*answer = arena_string(c->arena, e->text);
		return NULL;
	}
	if (!e)
		e = take(s, tag);
	if (e)
		e->under_way = true;
	return e;
}

static void put(struct shared *s, struct entry *e, time_ms now, const char *text)
{
	pthread_mutex_lock(&s->lock);
	free(e->text);
	e->text = text ? strdup(text) : NULL;
	e->at = now;
	e->made_ns = text ? monotonic_ns() : 0;
	e->under_way = false;
	pthread_cond_broadcast(&s->done);
	pthread_mutex_unlock(&s->lock);
}

int shared_answer(struct ctx *c, struct shared *s, const struct shared_question *q, int (*make)(struct ctx *c, void *arg, struct text *out), void *arg,
                  const char **out)
{
	struct text t = text_in(c->arena);
	struct entry *mine = NULL;
	const char *answer = NULL;
	uint8_t tag[TAG];
	if (s && q->life_ms > 0) {
		tag_of(s, c, q, tag);
		pthread_mutex_lock(&s->lock);
		mine = wait_for(s, c, tag, q->life_ms, &answer);
		pthread_mutex_unlock(&s->lock);
	}
	if (s)
		atomic_fetch_add(answer ? &s->given : &s->made, 1);
	int r = answer ? 0 : make(c, arg, &t);
	*out = answer ? answer : text_end(&t);
	if (mine)
		put(s, mine, c->now, r == 0 ? *out : NULL);
	return r;
}
