/* The routes of settings: /api/v1/setting. */
#pragma once

#include "net/route.h"

extern const struct route setting_routes[];
extern const size_t setting_route_count;
