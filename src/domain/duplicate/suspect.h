/* suspect: customers who may be the same person, kept by a follower as pairs: GET /suspect, and telling a pair apart (docs/adr/0039). */
#pragma once

#include "db/follower.h"
#include "net/route.h"

extern const struct route customer_suspect_routes[];
extern const size_t customer_suspect_route_count;
extern const struct follower suspect_follower;
