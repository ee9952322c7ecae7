/* Routes of the second factor: the step of signing in, setting it up and taking it away oneself, and reset by an administrator. */
#pragma once

#include "core/api/api.h"

extern const struct route factor_routes[];
extern const size_t factor_route_count;
