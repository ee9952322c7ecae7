/* The follower that keeps the search index: whatever record has searchable fields is indexed anew when an event names it. */
#pragma once

#include "core/api/api.h"
#include "db/follower.h"

extern const struct follower search_follower;

/* GET /api/v1/search. */
extern const struct route search_routes[];
extern const size_t search_route_count;
