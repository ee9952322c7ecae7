/* Routes of conversations: for staff, and for the customer in her own. */
#pragma once

#include "net/route.h"

extern const struct route conversation_routes[];
extern const size_t conversation_route_count;
extern const struct route portal_talk_routes[];
extern const size_t portal_talk_route_count;
