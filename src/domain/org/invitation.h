/* Invitations: how a new member of staff, or one who forgot everything, comes to a password that nobody else knows. */
#pragma once

#include "core/api/api.h"
#include "core/record/record.h"
#include "gen/schema.h"

extern const struct record invitation_record;
/* Routes of those who invite, and of whoever holds a link. */
extern const struct route invitation_routes[], invitation_accept_routes[];
extern const size_t invitation_route_count, invitation_accept_route_count;

/* The open, unexpired invitation of a link's secret and its person; ERR_LINK_EXPIRED for anything else. Sets c->tenant. */
int invitation_open(struct ctx *c, const char *secret, struct invitation *row, struct user_account *user) MUST_CHECK;
/* Writer: it is over. state: "accepted" or "revoked". */
int invitation_end(struct ctx *c, struct invitation *row, const char *state) MUST_CHECK;
