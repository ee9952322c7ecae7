/* Keys of companies: derived from the company's key, so that they survive restarts and rotations of the master. */
#include <pthread.h>
#include <string.h>

#include "core/audit/audit.h"
#include "core/auth/sign_in.h"
#include "core/services.h"

struct known_company {
	int64_t tenant;
	const struct audit_keys *keys;
};

struct audit {
	struct arena *arena;
	const char *heads;
	pthread_mutex_t lock;
	struct known_company *at;
	size_t n, room;
};

struct audit *audit_new(void)
{
	struct arena *a = arena_new();
	struct audit *audit = ARENA_NEW(a, struct audit);
	audit->arena = a;
	pthread_mutex_init(&audit->lock, NULL);
	return audit;
}

void audit_free(struct audit *audit)
{
	if (!audit)
		return;
	for (size_t i = 0; i < audit->n; i++)
		crypto_wipe((void *)audit->at[i].keys, sizeof(struct audit_keys));
	pthread_mutex_destroy(&audit->lock);
	arena_free(audit->arena);
}

void audit_keep_heads(struct audit *audit, const char *folder)
{
	audit->heads = folder ? arena_string(audit->arena, folder) : NULL;
}

const char *audit_head_folder(const struct audit *audit)
{
	return audit ? audit->heads : NULL;
}

/* The first place whose company is not smaller. */
static size_t place_of(const struct audit *audit, int64_t tenant)
{
	size_t from = 0, to = audit->n;
	while (from < to) {
		size_t middle = (from + to) / 2;
		if (audit->at[middle].tenant < tenant)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static const struct audit_keys *find(struct audit *audit, int64_t tenant)
{
	pthread_mutex_lock(&audit->lock);
	size_t i = place_of(audit, tenant);
	const struct audit_keys *keys = i < audit->n && audit->at[i].tenant == tenant ? audit->at[i].keys : NULL;
	pthread_mutex_unlock(&audit->lock);
	return keys;
}

static const struct audit_keys *keep(struct audit *audit, int64_t tenant, const struct audit_keys *made)
{
	pthread_mutex_lock(&audit->lock);
	size_t i = place_of(audit, tenant);
	if (i == audit->n || audit->at[i].tenant != tenant) {
		ARENA_GROW(audit->arena, audit->at, audit->n, audit->room);
		memmove(audit->at + i + 1, audit->at + i, (audit->n - i) * sizeof(*audit->at));
		audit->at[i] = (struct known_company){ tenant, arena_copy(audit->arena, made, sizeof(*made)) };
		audit->n++;
	}
	const struct audit_keys *keys = audit->at[i].keys;
	pthread_mutex_unlock(&audit->lock);
	return keys;
}

int audit_keys_of(struct ctx *c, const struct audit_keys **out)
{
	struct audit *audit = c->services->audit;
	*out = audit ? find(audit, c->tenant) : NULL;
	if (*out)
		return 0;
	struct audit_keys *made = ARENA_NEW(c->arena, struct audit_keys);
	TRY(tenant_secret(c, "audit proof", &made->proof));
	TRY(tenant_secret(c, "audit signature", &made->seed));
	sign_public(&made->seed, made->public);
	*out = made;
	if (!audit)
		return 0;
	*out = keep(audit, c->tenant, made);
	crypto_wipe(made, sizeof(*made));
	return 0;
}
