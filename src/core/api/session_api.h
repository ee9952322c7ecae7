/* Routes of signing in and out. */
#pragma once

#include "core/api/api.h"
#include "core/auth/sign_in.h"

void session_sign_in(struct http_request *r, struct ctx *c);
extern const struct route session_routes[];
extern const size_t session_route_count;

/* Sets c->tenant to the company of that code; no code: to the only one there is. 0 otherwise. */
int session_find_company(struct ctx *c, const char *code) MUST_CHECK;
/* Set-Cookie value: HttpOnly, SameSite=Lax, Secure behind https. */
const char *session_cookie(struct arena *a, const char *name, const char *value, int64_t life_ms, bool secure);
/* 201 with the cookie of a new staff session. */
void session_reply(struct http_request *r, struct ctx *c, const char *cookie, const char *body);
/* The same, or what is still to be done and the ticket for it. */
void session_reply_outcome(struct http_request *r, struct ctx *c, const struct sign_in_outcome *outcome);
