/* The route that describes records and flows to the screens. */
#pragma once

#include "core/api/api.h"

extern const struct route meta_routes[];
extern const size_t meta_route_count;
