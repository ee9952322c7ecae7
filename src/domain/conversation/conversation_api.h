/* Routes of conversations for staff; the customer's are the portal's. */
#pragma once

#include "net/route.h"

extern const struct route conversation_routes[];
extern const size_t conversation_route_count;
extern const struct route reach_routes[];
extern const size_t reach_route_count;
extern const struct route conversation_talks_routes[];
extern const size_t conversation_talks_route_count;
