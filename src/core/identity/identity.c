/* Names in channels: found by keyed hash, added, verified, forgotten. */
#include "core/identity/identity.h"

#include <string.h>

#include "base/crypto.h"
#include "core/auth/sign_in.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/identity_sql.h"

/* The channel is part of what is hashed: the same word in two channels is two names. */
static int hash_of(struct ctx *c, const char *channel, const char *name, struct bytes *out)
{
	struct key key;
	const char *both = arena_format(c->arena, "%s %s", channel, name);
	uint8_t *hash = arena_alloc(c->arena, HASH_SIZE);
	TRY(tenant_secret(c, "identity", &key));
	hmac_sha256(&key, both, strlen(both), hash);
	crypto_wipe(&key, sizeof(key));
	*out = (struct bytes){ hash, HASH_SIZE };
	return 0;
}

int identity_find(struct ctx *c, const char *channel, const char *name, struct identity *row, bool *there)
{
	struct bytes hash;
	struct identity *rows;
	size_t n;
	TRY(hash_of(c, channel, name, &hash));
	TRY(identity_by_name_hash(c, channel, hash, &rows, &n));
	*there = n > 0;
	if (n)
		*row = rows[0];
	return 0;
}

int identity_add(struct ctx *c, const struct identity_new *in, struct identity *row)
{
	*row = (struct identity){
		.tenant = c->tenant, .id = new_id(c), .channel = in->channel, .customer_id = in->customer_id, .key = in->key, .created_at = c->now, .version = 1,
		.verified_at = in->verified_by ? c->now : 0, .verified_by = in->verified_by ? in->verified_by : "",
	};
	TRY(hash_of(c, in->channel, in->name, &row->name_hash));
	TRY(pii_seal(c, in->key, "identity.name", in->keeps_name ? in->name : NULL, &row->name));
	TRY(identity_row_insert(c, row));
	return event_add(c, "identity.created", "identity", row->id, arena_format(c->arena, "{\"customer_id\":\"%lld\"}", (long long)row->customer_id));
}

int identity_verify(struct ctx *c, struct identity *row, const char *by)
{
	if (row->verified_at)
		return 0;
	row->verified_at = c->now;
	row->verified_by = by;
	TRY(identity_row_update(c, row));
	return event_add(c, "identity.verified", "identity", row->id, arena_format(c->arena, "{\"customer_id\":\"%lld\"}", (long long)row->customer_id));
}

int identity_unverify(struct ctx *c, struct identity *row)
{
	if (!row->verified_at)
		return 0;
	row->verified_at = 0;
	row->verified_by = "";
	TRY(identity_row_update(c, row));
	return event_add(c, "identity.unverified", "identity", row->id, arena_format(c->arena, "{\"customer_id\":\"%lld\"}", (long long)row->customer_id));
}

int identity_forget(struct ctx *c, int64_t customer_id)
{
	TRY(identity_windows_drop(c, customer_id, NULL));
	TRY(identity_outs_drop(c, customer_id, NULL));
	TRY(identity_uploads_drop(c, customer_id, NULL));
	TRY(identity_media_drop(c, customer_id, NULL));
	TRY(identity_subscriptions_drop(c, customer_id, NULL));
	TRY(identity_binds_drop(c, customer_id, NULL));
	return identities_drop(c, customer_id, NULL);
}
