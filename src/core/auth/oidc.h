/* oidc: OpenID Connect as the side that relies on it: discovery, the exchange of a code, and what an ID token must say (OpenID Connect Core 1.0
 * §3.1.3.7; RFC 9700). Who the identity is here is nothing of this; neither is where a browser is sent.
 *
 * Everything goes through the guarded client (net/client.h): an issuer is an address that a tenant typed in. What a provider says of itself
 * and its keys are kept for a while; a token that names another key makes them be read anew, at most once a minute. */
#pragma once

#include "core/auth/jose.h"
#include "net/client.h"

struct oidc;

struct oidc *oidc_new(struct client *client);
void oidc_free(struct oidc *o);                 /* accepts NULL */

/* One call: to whom, by when. */
struct oidc_call {
	struct oidc *oidc;
	struct arena *arena;
	struct error *error;
	const char *issuer, *client_id, *secret;        /* secret NULL: none */
	time_ms now, kept_ms;                           /* how old what is kept may be */
	unsigned timeout_ms;
};

/* What a provider says of itself. */
struct oidc_about {
	const char *authorize, *token, *keys;                   /* addresses */
	bool secret_in_body;                                    /* it takes the secret in no other way */
	bool names_itself;                                      /* each answer names the issuer (RFC 9207) */
};
/* ERR_FIELD_INVALID for an address that is none: https, or http on this machine itself. */
bool oidc_is_address(const char *url);
/* ERR_OUTBOUND…: not reached; ERR_PROVIDER_ANSWER: what it says does not hold, or is of another issuer. */
int oidc_discover(const struct oidc_call *k, struct oidc_about *out) MUST_CHECK;

/* Where the browser goes. */
struct oidc_ask {
	const char *redirect, *state, *nonce, *verifier;
};
const char *oidc_address(const struct oidc_call *k, const struct oidc_about *about, const struct oidc_ask *ask);

/* What a token says that held. */
struct oidc_identity {
	const char *subject, *email, *name, *account;           /* of these the first is always there */
	bool email_verified, second_factor;
	const char *claims;                                     /* JSON, for whoever sets a provider up */
};
/* The code for a token, and the token held against everything that it must say. ERR_OUTBOUND…, ERR_PROVIDER_REFUSED (the provider's own word),
 * ERR_PROVIDER_ANSWER (the word of what does not hold: "nonce", "signature", …). */
int oidc_exchange(const struct oidc_call *k, const struct oidc_about *about, const struct oidc_ask *ask, const char *code,
                  struct oidc_identity *out) MUST_CHECK;

/* The claims alone, of a token whose signature held; NULL, or the word of what does not hold. */
const char *oidc_check_claims(const struct oidc_call *k, const char *nonce, const struct jwt *token, struct oidc_identity *out);
/* A word of a provider's that may be shown: letters, digits and _ only, else "unknown". */
const char *oidc_word(struct arena *a, const char *word);
