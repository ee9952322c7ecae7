/* visitor: somebody on a company's web page who has not signed in, known by a token in her browser.
 *
 * The token is a number under an HMAC of the company's: nothing of it is stored, so a visitor who writes nothing costs nothing. Its number is her
 * name in the channel "web" (identity.h) from her first message on. It is sent as a bearer token, which no browser adds by itself; a WebSocket,
 * which can carry none, is opened by a pass that holds for a minute. */
#pragma once

#include <stdbool.h>

#include "core/auth/auth.h"

struct http_request;

#define VISITOR_CHANNEL "web"

/* A new visitor's token; `visitor`: her number. */
int visitor_token(struct ctx *c, int64_t visitor, const char **token) MUST_CHECK;
/* Fills tenant and actor of c and *auth; without a file yet, customer_id and actor_id are 0. ERR_NOT_SIGNED_IN for what is wrong, old or of somebody gone. */
int auth_by_visitor(struct ctx *c, const char *token, struct auth *auth) MUST_CHECK;
/* The number of a token of this company; ERR_NOT_SIGNED_IN for what is none. */
int visitor_number(struct ctx *c, const char *token, int64_t *visitor) MUST_CHECK;
/* Whose her uploads are, and who her events say she is: the customer once that was shown; until then her name, so that nothing which the customer
 * has sent elsewhere is hers because staff took her for that customer. 0 before her first word. */
static inline int64_t visitor_acts_as(const struct auth *auth)
{
	return auth->is_verified ? auth->customer_id : auth->identity_id;
}
/* For one WebSocket, at once. */
int visitor_pass(struct ctx *c, const char **pass) MUST_CHECK;
int auth_by_pass(struct ctx *c, const char *pass, struct auth *auth) MUST_CHECK;
/* Her rights as they are now; ERR_NOT_FOUND when she has gone. */
int visitor_again(struct ctx *c, struct auth *auth) MUST_CHECK;

/* Her number as the name in the channel. */
const char *visitor_name(struct ctx *c, int64_t visitor);

/* The page that asks, if it is not ours (http_request.origin): lets it read the answer when some company knows it; ERR_ORIGIN otherwise. */
int visitor_origin_known(struct ctx *c, struct http_request *r) MUST_CHECK;
/* Once the company is known: ERR_ORIGIN, which the page may not read, unless it is one of this company's. */
int visitor_origin_ours(struct ctx *c, struct http_request *r) MUST_CHECK;
