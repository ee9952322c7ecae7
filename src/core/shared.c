/* A few dozen texts behind one lock. The lock is not held while one is made. */
#include "core/shared.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/auth/auth.h"
#include "core/services.h"

enum { MOST = 64 };

struct entry {
	char *key, *text;
	time_ms at;                     /* its maker's time: a clock that was moved makes it old, too */
	int64_t made_ns;
	bool under_way;
};

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct entry at[MOST];
	_Atomic uint64_t made, given;
};

struct shared *shared_new(void)
{
	struct shared *s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->done, NULL);
	return s;
}

void shared_free(struct shared *s)
{
	for (size_t i = 0; s && i < MOST; i++) {
		free(s->at[i].key);
		free(s->at[i].text);
	}
	if (s)
		pthread_mutex_destroy(&s->lock);
	if (s)
		pthread_cond_destroy(&s->done);
	free(s);
}

void shared_stats(const struct shared *s, struct shared_stats *out)
{
	*out = (struct shared_stats){ atomic_load(&s->made), atomic_load(&s->given) };
}

/* Whose answer it is. Conditions of a role may speak of who reads, so then they are hers alone. */
static const char *key_of(struct ctx *c, const char *what)
{
	const struct auth *a = c->auth;
	struct text t = text_in(c->arena);
	text_format(&t, "%s %lld %d %d", what, (long long)c->tenant, (int)c->actor_kind, (int)c->lang);
	if (!a)
		return text_end(&t);
	bool alone = a->scope != SCOPE_ALL || a->narrowing;
	text_format(&t, " %d %lld %lld %lld %lld", (int)a->scope, (long long)a->role_id, (long long)(alone ? a->user_id : 0), (long long)(alone ? a->team_id : 0),
	            (long long)(alone ? a->region_id : 0));
	for (size_t i = 0; i < a->permission_count; i++)
		text_format(&t, " %s", a->permissions[i]);
	for (size_t i = 0; i < a->mask_count; i++)
		text_format(&t, " -%s", a->masks[i]);
	return text_end(&t);
}

static struct entry *find(struct shared *s, const char *key)
{
	for (size_t i = 0; i < MOST; i++)
		if (s->at[i].key && !strcmp(s->at[i].key, key))
			return &s->at[i];
	return NULL;
}

/* The one that was made longest ago gives way; NULL while all are being made. */
static struct entry *take(struct shared *s, const char *key)
{
	struct entry *oldest = NULL;
	for (size_t i = 0; i < MOST; i++)
		if (!s->at[i].under_way && (!oldest || s->at[i].made_ns < oldest->made_ns))
			oldest = &s->at[i];
	if (!oldest)
		return NULL;
	free(oldest->key);
	free(oldest->text);
	*oldest = (struct entry){ .key = strdup(key) };
	if (!oldest->key)
		abort();
	return oldest;
}

static bool is_fresh(const struct entry *e, time_ms now, int64_t life_ms)
{
	return e->text && now >= e->at && now - e->at < life_ms && monotonic_ns() - e->made_ns < life_ms * 1000000;
}

/* Locked. The answer, or the entry that the caller is to fill; neither: nothing is free. */
static struct entry *wait_for(struct shared *s, struct ctx *c, const char *key, int64_t life_ms, const char **answer)
{
	struct entry *e;
	while ((e = find(s, key)) && !is_fresh(e, c->now, life_ms) && e->under_way)
		pthread_cond_wait(&s->done, &s->lock);
	if (e && is_fresh(e, c->now, life_ms)) {
		*answer = arena_string(c->arena, e->text);
		return NULL;
	}
	if (!e)
		e = take(s, key);
	if (e)
		e->under_way = true;
	return e;
}

static int made(struct shared *s, struct ctx *c, int (*make)(struct ctx *c, struct text *out), const char **out)
{
	struct text t = text_in(c->arena);
	if (s)
		atomic_fetch_add(&s->made, 1);
	int r = make(c, &t);
	*out = text_end(&t);
	return r;
}

int shared_answer(struct ctx *c, const char *what, int64_t life_ms, int (*make)(struct ctx *c, struct text *out), const char **out)
{
	struct shared *s = c->services->shared;
	const char *answer = NULL;
	if (!s || life_ms <= 0)
		return made(s, c, make, out);
	const char *key = key_of(c, what);
	pthread_mutex_lock(&s->lock);
	struct entry *e = wait_for(s, c, key, life_ms, &answer);
	pthread_mutex_unlock(&s->lock);
	if (answer) {
		atomic_fetch_add(&s->given, 1);
		*out = answer;
		return 0;
	}
	int r = made(s, c, make, out);
	if (!e)
		return r;
	pthread_mutex_lock(&s->lock);
	free(e->text);
	e->text = r == 0 ? strdup(*out) : NULL;
	e->at = c->now;
	e->made_ns = monotonic_ns();
	e->under_way = false;
	pthread_cond_broadcast(&s->done);
	pthread_mutex_unlock(&s->lock);
	return r;
}
