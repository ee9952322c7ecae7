/* Routes of queues and of the wall. */
#pragma once

#include "core/api/api.h"

extern const struct route queue_routes[];
extern const size_t queue_route_count;
extern const struct route wall_routes[];
extern const size_t wall_route_count;
