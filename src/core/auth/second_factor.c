/* Secrets are kept as base64url text under the context of one column, so what was offered becomes what counts without being opened. */
#include "core/auth/second_factor.h"

#include "core/auth/sign_in.h"
#include "core/auth/totp.h"
#include "core/file/file.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/second_factor_sql.h"

enum { RECOVERY_LETTERS = 10, RECOVERY_RANDOM = 7 };    /* of base32: 50 bits, and the hash is keyed */

static const char *const context = "user_account.factor";

int factor_offer(struct ctx *c, struct user_account *user, struct factor_offer *out)
{
	uint8_t random[TOTP_SECRET];
	struct bytes secret = { random, sizeof(random) };
	struct tenant tenant;
	int64_t n;
	TRY(tenant_row_get(c, &tenant));
	crypto_random(random, sizeof(random));
	TRY(pii_seal(c, user->key, context, base64url(c->arena, random, sizeof(random)), &user->factor_new));
	TRY(factor_offered(c, user->id, user->factor_new, &n));
	out->secret = base32(c->arena, random, sizeof(random));
	out->uri = totp_uri(c->arena, secret, tenant.name, user->account);
	crypto_wipe(random, sizeof(random));
	return qr_svg(c->arena, out->uri, &out->svg);
}

/* −1: no code of this secret, or one that was taken. */
static int match(struct ctx *c, const struct user_account *user, struct bytes sealed, const char *code, int64_t *step)
{
	const char *text;
	struct bytes secret;
	*step = -1;
	if (!sealed.p)
		return 0;
	TRY(pii_open(c, user->key, context, sealed, &text));
	TRY(base64url_read(c->arena, text, &secret));
	*step = totp_match(secret, code, c->now, user->factor_step);
	crypto_wipe((void *)secret.p, secret.n);
	return 0;
}

static const struct record *user_record_of(struct ctx *c)
{
	return registry_find(&c->services->registry, "user")->record;
}

int factor_confirm(struct ctx *c, struct user_account *user, const char *code, bool *right, const char ***codes)
{
	struct user_account old = *user;
	int64_t step;
	TRY(match(c, user, user->factor_new, code, &step));
	*right = step >= 0;
	if (!*right)
		return 0;
	user->factor = user->factor_new;
	user->factor_new = (struct bytes){ 0 };
	user->factor_at = c->now;
	user->factor_step = step;
	TRY(record_update(c, user_record_of(c), &old, user, "user.factor_on", NULL, "{}"));
	return recovery_renew(c, user->id, codes);
}

/* Recovery codes ----------------------------------------------------------------------------------------------------- */

/* Letters and digits only, in capitals: people copy them from paper. */
static int recovery_hash(struct ctx *c, const char *code, struct bytes *hash)
{
	char plain[RECOVERY_LETTERS + 1];
	size_t n = 0;
	struct key key;
	uint8_t *out = arena_alloc(c->arena, HASH_SIZE);
	for (; *code && n <= RECOVERY_LETTERS; code++)
		if (*code != '-' && *code != ' ')
			plain[n++] = *code >= 'a' && *code <= 'z' ? (char)(*code - 32) : *code;
	TRY(tenant_secret(c, "recovery codes", &key));
	hash_keyed(&key, "recovery code", plain, n, out, HASH_SIZE);
	crypto_wipe(&key, sizeof(key));
	*hash = (struct bytes){ out, HASH_SIZE };
	return 0;
}

int recovery_renew(struct ctx *c, int64_t user_id, const char ***codes)
{
	int64_t n;
	TRY(recovery_forget(c, user_id, &n));
	*codes = ARENA_ARRAY(c->arena, const char *, RECOVERY_CODES);
	for (int i = 0; i < RECOVERY_CODES; i++) {
		uint8_t random[RECOVERY_RANDOM];
		struct recovery_code row = { .tenant = c->tenant, .user_id = user_id };
		crypto_random(random, sizeof(random));
		const char *letters = base32(c->arena, random, sizeof(random));
		(*codes)[i] = arena_format(c->arena, "%.5s-%.5s", letters, letters + 5);
		TRY(recovery_hash(c, (*codes)[i], &row.hash));
		TRY(recovery_code_row_insert(c, &row));
	}
	return 0;
}

int recovery_left(struct ctx *c, int64_t user_id, int64_t *n)
{
	struct recovery_count_row row;
	TRY(recovery_count(c, user_id, &row));
	*n = row.left_over;
	return 0;
}

int factor_check(struct ctx *c, struct user_account *user, const char *code, bool *right)
{
	int64_t step, n;
	struct bytes hash;
	TRY(match(c, user, user->factor, code, &step));
	*right = step >= 0;
	if (*right) {
		user->factor_step = step;
		return factor_take_step(c, user->id, step, &n);
	}
	TRY(recovery_hash(c, code, &hash));
	TRY(recovery_spend(c, user->id, hash, &n));
	*right = n == 1;
	return *right ? event_add(c, "user.recovery_used", "user", user->id, "{}") : 0;
}

int factor_remove(struct ctx *c, struct user_account *user, const char *event, const char *reason)
{
	struct user_account old = *user;
	int64_t n;
	user->factor = user->factor_new = (struct bytes){ 0 };
	user->factor_at = 0;
	TRY(recovery_forget(c, user->id, &n));
	return record_update(c, user_record_of(c), &old, user, event, reason, "{}");
}
