/* Routes by which staff set their own language, look and password, and an administrator sets a password for others. */
#pragma once

#include "core/api/api.h"
#include "gen/schema.h"

extern const struct route self_routes[];
extern const size_t self_route_count;

/* A person whom the actor sees and who holds no right that the actor lacks: else resetting how she signs in would be a way up. */
int user_in_reach(struct ctx *c, int64_t id, struct user_account *user) MUST_CHECK;
