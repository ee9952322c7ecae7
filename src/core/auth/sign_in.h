/* Signing in: passwords and sessions of staff, one-time codes and links of customers, tokens of programs.
 *
 * A session is a random cookie of which only the hash is stored. Wrong passwords lock an account for a growing time; the
 * answer never tells whether an account exists. Rights are read anew with each request: taking one away works at once. */
#pragma once

#include "base/crypto.h"
#include "core/auth/auth.h"

#define STAFF_COOKIE    "anxin_session"
#define CUSTOMER_COOKIE "anxin_customer"

/* Finds who a token belongs to and fills tenant, actor and lang of c and *auth. ERR_NOT_SIGNED_IN for unknown or expired. */
int auth_by_session(struct ctx *c, const char *cookie, enum actor_kind kind, struct auth *auth) MUST_CHECK;
int auth_by_token(struct ctx *c, const char *bearer, struct auth *auth) MUST_CHECK;
/* Reads the rights of c's actor, who was let in before as *auth, as they are now. ERR_NOT_SIGNED_IN when the session or token has
 * ended or the person is archived or locked. Permissions lie in c's arena. */
int auth_again(struct ctx *c, struct auth *auth) MUST_CHECK;
/* Whether a password may be set: text of one line, as long as the company asks for and no longer than signing in takes. ERR_FIELD_TYPE,
 * …_TOO_SHORT or …_TOO_LONG; *arg: the bound. */
enum { PASSWORD_MOST = 200 };   /* characters */
int password_check(struct ctx *c, const char *password, const char **arg) MUST_CHECK;
/* A random secret to hand out once, and the hash of it to keep. */
int secret_new(struct ctx *c, const char **secret, struct bytes *hash) MUST_CHECK;

/* Writer: makes a session; *cookie is the value to send. */
int session_create(struct ctx *c, enum actor_kind kind, int64_t actor_id, int64_t ticket_id, int64_t life_ms, const char **cookie) MUST_CHECK;
int session_end(struct ctx *c, int64_t session_id) MUST_CHECK;
/* Writer: ends all sessions of an actor (password changed, person archived). */
int session_end_all(struct ctx *c, enum actor_kind kind, int64_t actor_id) MUST_CHECK;

/* A secret of the company for one use, made from its key in the key store: survives restarts and rotations. Wipe it. */
int tenant_secret(struct ctx *c, const char *label, struct key *out) MUST_CHECK;

/* Signed links: tenant, customer, ticket and expiry, HMAC with the company's link secret; no row. */
struct signed_link {
	int64_t tenant, customer_id, ticket_id, expires_at;
};
int link_sign(struct ctx *c, const struct signed_link *link, const char **text) MUST_CHECK;
/* ERR_LINK_EXPIRED for wrong or old ones. Sets c->tenant. */
int link_open(struct ctx *c, const char *text, struct signed_link *out) MUST_CHECK;
