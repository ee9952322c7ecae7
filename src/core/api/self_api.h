/* Routes by which staff set their own language, look and password, and an administrator sets a password for others. */
#pragma once

#include "core/api/api.h"

extern const struct route self_routes[];
extern const size_t self_route_count;
