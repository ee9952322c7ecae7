/* Signing in: passwords and sessions of staff, one-time codes and links of customers, tokens of programs.
 *
 * A session is a random cookie of which only the hash is stored. Wrong passwords lock an account for a growing time; the
 * answer never tells whether an account exists. Rights are read anew with each request: taking one away works at once. */
#pragma once

#include "base/crypto.h"
#include "core/auth/auth.h"
#include "gen/schema.h"

#define STAFF_COOKIE    "anxin_session"
#define CUSTOMER_COOKIE "anxin_customer"

/* Finds who a token belongs to and fills tenant, actor and lang of c and *auth. ERR_NOT_SIGNED_IN for unknown or expired. */
int auth_by_session(struct ctx *c, const char *cookie, enum actor_kind kind, struct auth *auth) MUST_CHECK;
int auth_by_token(struct ctx *c, const char *bearer, struct auth *auth) MUST_CHECK;
/* Reads the rights of c's actor, who was let in before as *auth, as they are now. ERR_NOT_SIGNED_IN when the session or token has
 * ended or the person is archived or locked. Permissions lie in c's arena. */
int auth_again(struct ctx *c, struct auth *auth) MUST_CHECK;
/* Who somebody of staff is, as if she asked: fills actor and lang of c and *auth. For what is made for her while she is away. ERR_NOT_FOUND, noted
 * nowhere, when she is archived. */
int auth_by_person(struct ctx *c, int64_t user_id, struct auth *auth) MUST_CHECK;
/* Whether a password may be set: text of one line, as long as the company asks for and no longer than signing in takes. ERR_FIELD_TYPE,
 * …_TOO_SHORT or …_TOO_LONG; *arg: the bound. */
enum { PASSWORD_MOST = 200 };   /* characters */
int password_check(struct ctx *c, const char *password, const char **arg) MUST_CHECK;
/* A random secret to hand out once, and the hash of it to keep. */
int secret_new(struct ctx *c, const char **secret, struct bytes *hash) MUST_CHECK;
/* The hash of one that somebody brings; ERR_NOT_SIGNED_IN, noted nowhere, when it cannot be one. */
int secret_hash(struct ctx *c, const char *secret, struct bytes *hash) MUST_CHECK;
/* Staff are signed out after so long without a request: the role's minutes, or the company's. */
enum { SESSION_TOUCH_MS = 60 * 1000 };
int64_t sign_in_idle_ms(const struct ctx *c, int64_t role_minutes);

struct session_new {
	enum actor_kind kind;
	int64_t actor_id, ticket_id, life_ms;
	bool second_factor;             /* it was shown */
};
/* Writer: makes a session; *cookie is the value to send. */
int session_create(struct ctx *c, const struct session_new *n, const char **cookie) MUST_CHECK;
int session_end(struct ctx *c, int64_t session_id) MUST_CHECK;
/* Writer: ends all sessions of an actor (password changed, person archived). */
int session_end_all(struct ctx *c, enum actor_kind kind, int64_t actor_id) MUST_CHECK;

/* A secret of the company for one use, made from its key in the key store: survives restarts and rotations. Wipe it. */
int tenant_secret(struct ctx *c, const char *label, struct key *out) MUST_CHECK;

/* Numbers, the company first, under an HMAC of a secret of the company's own for each use. */
enum { SIGNED_NUMBERS = 6 };    /* at most */
int numbers_sign(struct ctx *c, const char *use, const int64_t *numbers, size_t n, const char **text) MUST_CHECK;
/* Fails with `refusal` for what is wrong. Sets c->tenant. */
int numbers_open(struct ctx *c, const char *use, const char *text, int refusal, int64_t *numbers, size_t n) MUST_CHECK;

/* Signed links: tenant, customer, ticket and expiry, HMAC with the company's link secret; no row. */
struct signed_link {
	int64_t tenant, customer_id, ticket_id, expires_at;
};
int link_sign(struct ctx *c, const struct signed_link *link, const char **text) MUST_CHECK;
/* ERR_LINK_EXPIRED for wrong or old ones. Sets c->tenant. */
int link_open(struct ctx *c, const char *text, struct signed_link *out) MUST_CHECK;

/* Signing in in steps: whoever gave the right password gets a signed ticket for what is still to be done, no session. */
enum sign_in_next { NEXT_NOTHING, NEXT_CODE, NEXT_ENROL };
int sign_in_ticket(struct ctx *c, const struct user_account *user, enum sign_in_next next, const char **text) MUST_CHECK;
/* ERR_SIGN_IN_EXPIRED for wrong, old or overtaken ones. Sets c->tenant. */
int sign_in_ticket_open(struct ctx *c, const char *text, enum sign_in_next *next, struct user_account *user) MUST_CHECK;

/* Writer: for somebody who has shown who she is: a session, or the ticket for what her role or her factor still asks. */
struct sign_in_outcome {
	enum sign_in_next next;
	const char *ticket, *cookie;    /* of these the one that `next` means */
};
enum sign_in_shown { SHOWN_ONE, SHOWN_TWO };    /* two: the second factor too, to whoever vouches for her */
int sign_in_go_on(struct ctx *c, int64_t user_id, enum sign_in_shown shown, struct sign_in_outcome *out) MUST_CHECK;

/* Whether she may come by a password, where the company may demand an identity provider of all but emergency accounts. */
bool sign_in_by_password(const struct ctx *c, const struct user_account *user);
/* ERR_EMERGENCY_NEEDED unless somebody has an emergency account with which the company can be put right again. */
int emergency_check(struct ctx *c) MUST_CHECK;
int emergency_stays(struct ctx *c) MUST_CHECK;      /* the same where it is needed now, after people or roles have changed */

/* ERR_LOCKED_OUT while the account is locked. */
int sign_in_check_lock(struct ctx *c, const struct user_account *user) MUST_CHECK;
/* Writer: counts a wrong password or code; enough of them lock. */
int sign_in_failure(struct ctx *c, const struct user_account *user) MUST_CHECK;
/* Writer: the session of somebody who has shown everything; `passed`: the last step. */
int sign_in_complete(struct ctx *c, const struct user_account *user, enum sign_in_next passed, const char **cookie) MUST_CHECK;
