/* A copy of everything that is held on a customer: asked for by herself, or handed out by staff with a purpose. */
#pragma once

#include "net/route.h"

extern const struct route handout_routes[];
extern const size_t handout_route_count;
