/* Route of the breach list. */
#pragma once

#include "net/route.h"

extern const struct route breach_routes[];
extern const size_t breach_route_count;
