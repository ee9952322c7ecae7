/* Health for balancers and operators. */
#pragma once

#include "core/api/api.h"

extern const struct route health_routes[];
extern const size_t health_route_count;
