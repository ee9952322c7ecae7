/* Second factor of staff: a code by the clock (totp.h) from a secret sealed with the person's own key, and ten recovery codes, each good
 * once. A code that was taken is never taken again. Who may try how often is sign_in.h's: a wrong code counts like a wrong password.
 * All in the writer; `user` is changed along. */
#pragma once

#include "db/ctx.h"
#include "gen/schema.h"

enum { RECOVERY_CODES = 10 };

/* What the person puts into her app: the secret to type, the same as a link and as a QR code in SVG. */
struct factor_offer {
	const char *secret, *uri, *svg;
};
/* A new secret, which counts once factor_confirm() has seen a code of it. One that counts already stays until then. */
int factor_offer(struct ctx *c, struct user_account *user, struct factor_offer *out) MUST_CHECK;
/* *right: the code is one of the offered secret. Then it counts, and *codes are RECOVERY_CODES new ones, to be shown once. */
int factor_confirm(struct ctx *c, struct user_account *user, const char *code, bool *right, const char ***codes) MUST_CHECK;

/* *right: it is a code of now that was not taken before, or a recovery code that is left; it is spent. */
int factor_check(struct ctx *c, struct user_account *user, const char *code, bool *right) MUST_CHECK;

/* New recovery codes; the old ones are void. */
int recovery_renew(struct ctx *c, int64_t user_id, const char ***codes) MUST_CHECK;
int recovery_left(struct ctx *c, int64_t user_id, int64_t *n) MUST_CHECK;

/* Takes the factor away. event: "user.factor_off" by herself, "user.factor_reset" by somebody else with a reason. */
int factor_remove(struct ctx *c, struct user_account *user, const char *event, const char *reason) MUST_CHECK;
