/* Rights of the one who asks: permissions (what) and scope (on which rows). Sign-in, sessions and tokens: sign_in.h.
 *
 * Permissions are words "object.verb": record.read, .create, .change, .archive, .export, .import, .reveal, and those of
 * flow actions. The system (no auth) may do everything; customers have none of these, their handlers check ownership. */
#pragma once

#include <stdbool.h>

#include "db/ctx.h"

enum scope { SCOPE_OWN, SCOPE_TEAM, SCOPE_REGION, SCOPE_ALL };

struct narrowing;

struct auth {
	int64_t session_id;
	int64_t user_id, role_id, team_id, region_id;   /* staff and tokens */
	int64_t seen_at;                                /* of a staff session: its last request but for a minute */
	int64_t customer_id;                            /* customers */
	int64_t visitor, identity_id;                   /* a customer who is known by her browser's token alone: its number, and her name in the channel, once she has one */
	bool is_verified;                               /* of a visitor: it was shown that she is the customer */
	int64_t ticket_id;                              /* a customer who came by a signed link sees this ticket only; 0: all of theirs */
	enum scope scope;
	const struct narrowing *narrowing;              /* row conditions of the role (record/narrowing.h); NULL: none */
	const char *const *permissions;                 /* sorted */
	size_t permission_count;
	const char *const *masks;                       /* sorted: "ticket.description", free texts that are masked for this role */
	size_t mask_count;
};

/* Rights that "*" does not hold either where the company keeps administration and security apart (sign_in.duties); NULL-ended. */
extern const char *const security_rights[];
bool duties_apart(const struct ctx *c);

/* True if the actor holds `permission` ("ticket.read"); "*" holds all but those of the audit: whoever may do everything is not the one
 * who looks at what was done; nor those of security, where that is kept apart. */
bool may(const struct ctx *c, const char *permission);
/* ERR_FORBIDDEN unless may(). */
int require_permission(struct ctx *c, const char *permission) MUST_CHECK;

/* The same request with all rights, to read what decides about it; what it writes stays the actor's. */
static inline struct ctx ctx_as_system(const struct ctx *c)
{
	struct ctx all = *c;
	all.actor_kind = ACTOR_SYSTEM;
	all.actor_id = 0;
	all.auth = NULL;
	return all;
}

/* What a customer does by way of a channel: its words are hers, whoever brings them, and so is what they may reach. */
static inline struct ctx ctx_as_customer(const struct ctx *c, int64_t customer)
{
	struct ctx hers = *c;
	hers.actor_kind = ACTOR_CUSTOMER;
	hers.actor_id = customer;
	hers.auth = NULL;
	return hers;
}

/* Whether the actor's role has this free text masked: "ticket.description". */
bool is_masked_for(const struct ctx *c, const char *field);

/* `fail` with this code unless it holds. */
static inline MUST_CHECK int require(struct ctx *c, bool holds, int code, const char *arg)
{
	return holds ? 0 : fail(c, code, arg);
}

/* Reads ["a","b"] into a sorted array; unknown words are kept (a newer release may know them). */
int permissions_read(struct arena *a, const char *json, const char *const **out, size_t *n) MUST_CHECK;
/* The form in which they are stored. Sorted words are read faster. */
const char *permissions_write(struct arena *a, const char *const *words, size_t n);
/* The same words, however a database spells them. */
bool permissions_same(struct arena *a, const char *x, const char *y);
enum scope scope_read(const char *word);
