/* Routes of signing in and out. */
#pragma once

#include "core/api/api.h"
#include "core/auth/sign_in.h"

void session_sign_in(struct http_request *r, struct ctx *c);
extern const struct route session_routes[];
extern const size_t session_route_count;

/* Set-Cookie value: HttpOnly, SameSite=Lax, Secure behind https. */
const char *session_cookie(struct arena *a, const char *name, const char *value, int64_t life_ms, bool secure);
/* 201 with the cookie of a new staff session. */
void session_reply(struct http_request *r, struct ctx *c, const char *cookie, const char *body);
/* The same, or what is still to be done and the ticket for it. */
void session_reply_outcome(struct http_request *r, struct ctx *c, const struct sign_in_outcome *outcome);
