/* provider: signing in through somebody who vouches for the company's people (OpenID Connect; core/auth/oidc.h).
 *
 * provider.c keeps the providers, provider_round.c sends a browser there and takes it back, identity.c knows which person of a provider is
 * which of staff. Nobody becomes somebody by a mail address: an identity is linked by an invitation or by the signed-in person herself, or
 * makes somebody new where the company wants that. */
#pragma once

#include "core/auth/oidc.h"
#include "core/auth/sign_in.h"
#include "core/record/record.h"
#include "net/route.h"

extern const struct record provider_record;
extern const struct route provider_routes[], provider_round_routes[], identity_routes[];
extern const size_t provider_route_count, provider_round_route_count, identity_route_count;

/* What somebody comes back for. `about`: the invitation, or the person who links or tries; `session`: hers. */
enum round_purpose { ROUND_SIGN_IN = 1, ROUND_INVITATION, ROUND_LINK, ROUND_TRY };

/* Writer: what a proven identity comes to. refusal: why not, which is no failure: it is written down. */
struct identity_outcome {
	struct sign_in_outcome signed_in;
	int refusal;
	const char *arg;
};
int identity_sign_in(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, struct identity_outcome *out) MUST_CHECK;
int identity_accept(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, int64_t invitation_id, struct identity_outcome *out) MUST_CHECK;
int identity_link(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, int64_t user_id, struct identity_outcome *out) MUST_CHECK;
