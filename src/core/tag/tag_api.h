/* Routes of tags beyond those of every record. */
#pragma once

#include "core/api/api.h"

extern const struct route tag_routes[];
extern const size_t tag_route_count;
